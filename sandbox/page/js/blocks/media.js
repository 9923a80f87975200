/** Image, video and file. */
import { h } from "../dom.js";
import { picture } from "../elements/index.js";
import { icon } from "../icons.js";
import { link } from "../text/links.js";
import { plainText, textNodes } from "../text/text_object.js";

export function image(block) {
  const address = block.image_url ?? block.slack_file?.url;
  return h("figure", { class: "block-image" }, block.title ? h("figcaption", null, textNodes(block.title)) : null, picture(address, block.alt_text, "image"));
}

/** Nothing is played here: the page loads no foreign players. The thumbnail links to the video. */
export function video(block) {
  const title = plainText(block.title);
  return h(
    "figure",
    { class: "video" },
    h("figcaption", null, h("span", { class: "video-title" }, block.title_url ? link(block.title_url, title) : title), block.author_name || block.provider_name ? h("span", { class: "video-by" }, [block.author_name, block.provider_name].filter(Boolean).join(" · ")) : null, block.description ? h("span", { class: "video-text" }, textNodes(block.description)) : null),
    h("div", { class: "video-frame" }, picture(block.thumbnail_url, block.alt_text, "video-image"), h("span", { class: "video-play" }, icon("play", 28))),
  );
}

export const file = (block) =>
  h("div", { class: "file" }, h("span", { class: "file-icon" }, icon("file", 24)), h("span", null, h("span", { class: "file-name" }, block.external_id ?? "File"), h("span", { class: "file-kind" }, `${block.source ?? "remote"} file`)));
