/** The emoji shortcodes that messages of a sales and marketing team use, as Unicode. */

const TABLE = `
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 wave 👋 clap 👏 raised_hands 🙌 pray 🙏 handshake 🤝 muscle 💪 point_right 👉 point_left 👈
point_up 👆 point_down 👇 ok_hand 👌 v ✌️ eyes 👀 brain 🧠 writing_hand ✍️ raising_hand 🙋 shrug 🤷 facepalm 🤦 bow 🙇
smile 😄 grinning 😀 grin 😁 joy 😂 slightly_smiling_face 🙂 wink 😉 blush 😊 heart_eyes 😍 thinking_face 🤔 neutral_face 😐
sweat_smile 😅 sob 😭 cry 😢 tada 🎉 partying_face 🥳 star-struck 🤩 sunglasses 😎 exploding_head 🤯 scream 😱 angry 😠
disappointed 😞 worried 😟 sleeping 😴 zzz 💤 face_with_monocle 🧐 hugging_face 🤗 robot_face 🤖 ghost 👻 fire 🔥 hot_pepper 🌶️
heart ❤️ blue_heart 💙 green_heart 💚 yellow_heart 💛 purple_heart 💜 broken_heart 💔 100 💯 sparkles ✨ star ⭐ star2 🌟 boom 💥 zap ⚡
snowflake ❄️ sunny ☀️ cloud ☁️ rainbow 🌈 sunrise 🌅 palm_tree 🌴 seedling 🌱 rocket 🚀 airplane ✈️ house 🏠 office 🏢 factory 🏭
school 🏫 hospital 🏥 bank 🏦 globe_with_meridians 🌐 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 checkered_flag 🏁 triangular_flag_on_post 🚩
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ no_entry ⛔ no_entry_sign 🚫 warning ⚠️
exclamation ❗ question ❓ grey_question ❔ grey_exclamation ❕ bangbang ‼️ information_source ℹ️ bulb 💡 bell 🔔 no_bell 🔕
loudspeaker 📢 mega 📣 speech_balloon 💬 thought_balloon 💭 left_speech_bubble 🗨️ mailbox 📫 mailbox_with_mail 📬 inbox_tray 📥 outbox_tray 📤
email ✉️ envelope ✉️ e-mail 📧 incoming_envelope 📨 envelope_with_arrow 📩 package 📦 phone ☎️ telephone ☎️ telephone_receiver 📞 iphone 📱
computer 💻 desktop_computer 🖥️ keyboard ⌨️ printer 🖨️ calendar 📆 date 📅 spiral_calendar_pad 🗓️ clipboard 📋 memo 📝 pencil 📝 pencil2 ✏️
page_facing_up 📄 page_with_curl 📃 bookmark_tabs 📑 newspaper 📰 books 📚 book 📖 notebook 📓 ledger 📒 label 🏷️ bookmark 🔖
link 🔗 paperclip 📎 pushpin 📌 round_pushpin 📍 scissors ✂️ lock 🔒 unlock 🔓 key 🔑 hammer 🔨 wrench 🔧 gear ⚙️ shield 🛡️
bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 moneybag 💰 dollar 💵 euro 💶 pound 💷 credit_card 💳 receipt 🧾
trophy 🏆 medal 🏅 first_place_medal 🥇 second_place_medal 🥈 third_place_medal 🥉 dart 🎯 crystal_ball 🔮 gift 🎁 balloon 🎈
hourglass ⌛ hourglass_flowing_sand ⏳ watch ⌚ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ clock1 🕐 clock9 🕘 recycle ♻️
arrows_counterclockwise 🔄 repeat 🔁 leftwards_arrow_with_hook ↩️ arrow_right_hook ↪️ arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️
arrow_down ⬇️ arrow_forward ▶️ double_vertical_bar ⏸️ black_square_for_stop ⏹️ fast_forward ⏩ heavy_plus_sign ➕ heavy_minus_sign ➖
red_circle 🔴 large_blue_circle 🔵 blue_circle 🔵 large_green_circle 🟢 green_circle 🟢 large_yellow_circle 🟡 yellow_circle 🟡
large_orange_circle 🟠 orange_circle 🟠 white_circle ⚪ black_circle ⚫ large_purple_circle 🟣 red_square 🟥 large_red_square 🟥
large_green_square 🟩 large_yellow_square 🟨 large_orange_square 🟧 large_blue_square 🟦 white_large_square ⬜ black_large_square ⬛
small_blue_diamond 🔹 small_orange_diamond 🔸 large_blue_diamond 🔷 small_red_triangle 🔺 small_red_triangle_down 🔻 mag 🔍 mag_right 🔎
bust_in_silhouette 👤 busts_in_silhouette 👥 man-woman-girl-boy 👪 necktie 👔 briefcase 💼 coffee ☕ tea 🍵 beer 🍺 pizza 🍕 cake 🍰 birthday 🎂
construction 🚧 rotating_light 🚨 vertical_traffic_light 🚦 sos 🆘 new 🆕 free 🆓 up 🆙 ok 🆗 cool 🆒 abc 🔤 1234 🔢
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ zero 0️⃣ keycap_ten 🔟
dizzy 💫 droplet 💧 ocean 🌊 bug 🐛 bee 🐝 owl 🦉 turtle 🐢 dog 🐶 cat 🐱 unicorn_face 🦄 whale 🐳 hatching_chick 🐣
headphones 🎧 microphone 🎤 movie_camera 🎥 camera 📷 video_camera 📹 film_projector 📽️ artist_palette 🎨 art 🎨 crossed_fingers 🤞
door 🚪 beach_with_umbrella 🏖️ desert_island 🏝️ face_with_thermometer 🤒 mute 🔇 sound 🔉 radio 📻 satellite_antenna 📡 test_tube 🧪
`;

const words = TABLE.trim().split(/\s+/);
const EMOJI = new Map();
for (let index = 0; index < words.length; index += 2) EMOJI.set(words[index], words[index + 1]);

const SKIN = ["🏻", "🏼", "🏽", "🏾", "🏿"];

/** The character of a shortcode without its colons, or null when the name is not known. */
export function emojiOf(name) {
  const [base, skin] = name.split("::skin-tone-");
  const flag = /^flag-([a-z]{2})$/.exec(base);
  if (flag) return String.fromCodePoint(...[...flag[1]].map((letter) => 0x1f1e6 + letter.charCodeAt(0) - 97));
  const found = EMOJI.get(base);
  if (!found) return null;
  return skin ? found.replace(/\uFE0F$/, "") + (SKIN[Number(skin) - 2] ?? "") : found;
}

/** `text` with every known `:shortcode:` as its character; unknown ones stay as they are. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+(?:::skin-tone-[2-6])?):/g, (code, name) => emojiOf(name) ?? code);
}

/** The code points of rich text's `unicode` field ("1f44b-1f3fd") as a character. */
export function fromCodePoints(hex) {
  const points = hex.split("-").map((part) => Number.parseInt(part, 16));
  return points.every((point) => point > 0 && point <= 0x10ffff) ? String.fromCodePoint(...points) : "";
}
