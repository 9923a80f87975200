/** Every Block Kit element by its type. */
import { h } from "../dom.js";
import { safeAddress } from "../text/links.js";
import { textNodes } from "../text/text_object.js";
import { button, feedbackButtons, iconButton } from "./button.js";
import { checkboxes, radioButtons } from "./choices.js";
import { datepicker, datetimepicker, timepicker } from "./dates.js";
import { textInput } from "./inputs.js";
import { overflow } from "./overflow.js";
import { select } from "./select.js";

function image(element) {
  const address = element.image_url ?? element.slack_file?.url;
  return picture(address, element.alt_text, "element-image");
}

/** An image that says its alternative text when it cannot be loaded. */
export function picture(address, alt, className) {
  const node = h("img", { class: className, src: address && safeAddress(address), alt: alt ?? "", loading: "lazy", referrerpolicy: "no-referrer" });
  const fallback = () => node.replaceWith(h("span", { class: `${className} picture-missing`, role: "img", "aria-label": alt ?? "" }, alt || "Image"));
  node.addEventListener("error", fallback);
  return address && safeAddress(address) ? node : h("span", { class: `${className} picture-missing`, role: "img", "aria-label": alt ?? "" }, alt || "Image");
}

const fileInput = () => h("div", { class: "unknown" }, "Files cannot be chosen in the sandbox.");

const ELEMENTS = {
  button,
  workflow_button: button,
  icon_button: iconButton,
  feedback_buttons: feedbackButtons,
  overflow,
  checkboxes,
  radio_buttons: radioButtons,
  datepicker,
  timepicker,
  datetimepicker,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  rich_text_input: textInput,
  file_input: fileInput,
  image,
  plain_text: (element) => h("span", null, textNodes(element)),
  mrkdwn: (element) => h("span", null, textNodes(element)),
};
for (const kind of ["static", "external", "users", "channels", "conversations"]) {
  ELEMENTS[`${kind}_select`] = select;
  ELEMENTS[`multi_${kind}_select`] = select;
}

/** The node of an element; an unknown type is shown by its name. */
export function renderElement(element, block, surface) {
  const build = ELEMENTS[element.type];
  return build ? build(element, block, surface) : h("span", { class: "unknown" }, `[${element.type}]`);
}
