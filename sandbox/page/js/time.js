/** Instants in a person's time zone. Instants are milliseconds since 1970; zones are IANA names. */

const formats = new Map();

function format(zone, options) {
  const key = `${zone}|${JSON.stringify(options)}`;
  if (!formats.has(key)) {
    let usable = zone;
    try {
      new Intl.DateTimeFormat("en-GB", { timeZone: zone });
    } catch {
      usable = "UTC";
    }
    formats.set(key, new Intl.DateTimeFormat("en-GB", { ...options, timeZone: usable }));
  }
  return formats.get(key);
}

const PARTS = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };

/** The wall clock of `zone` at `instant`: {year, month, day, hour, minute, second}. */
export function wallClock(instant, zone) {
  const parts = {};
  for (const { type, value } of format(zone, PARTS).formatToParts(instant)) parts[type] = Number(value);
  return { year: parts.year, month: parts.month, day: parts.day, hour: parts.hour, minute: parts.minute, second: parts.second };
}

/** The first instant at which the clocks of `zone` show this wall time, or jump over it. */
export function instantOf({ year, month, day, hour = 0, minute = 0 }, zone) {
  const wanted = Date.UTC(year, month - 1, day, hour, minute);
  const offsetAt = (instant) => {
    const wall = wallClock(instant, zone);
    return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second) - Math.floor(instant / 1000) * 1000;
  };
  const guess = wanted - offsetAt(wanted);
  return wanted - offsetAt(guess);
}

/** 9:00 of the next Monday-to-Friday day after the local day of `instant`. */
export function nextWorkingDay(instant, zone) {
  const today = wallClock(instant, zone);
  for (let ahead = 1; ; ahead += 1) {
    const day = new Date(Date.UTC(today.year, today.month - 1, today.day + ahead));
    if (day.getUTCDay() === 0 || day.getUTCDay() === 6) continue;
    const date = { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() };
    return instantOf({ ...date, hour: 9 }, zone);
  }
}

export const timeOf = (instant, zone) => format(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(instant);
export const timeWithSeconds = (instant, zone) =>
  format(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(instant);
export const shortDay = (instant, zone) => format(zone, { weekday: "short", day: "numeric", month: "short" }).format(instant);
export const longStamp = (instant, zone) =>
  format(zone, { weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(instant);

/** A key that is equal for instants of the same local day. */
export function dayKey(instant, zone) {
  const { year, month, day } = wallClock(instant, zone);
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** "Today", "Yesterday" or a date, as a day divider says it. */
export function dayName(instant, zone, now) {
  const key = dayKey(instant, zone);
  if (key === dayKey(now, zone)) return "Today";
  if (key === dayKey(now - 86_400_000, zone)) return "Yesterday";
  const sameYear = wallClock(instant, zone).year === wallClock(now, zone).year;
  return format(zone, { weekday: "long", day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) }).format(instant);
}

/** The city of a zone: "Lisbon" for "Europe/Lisbon". */
export const cityOf = (zone) => zone.split("/").at(-1).replaceAll("_", " ");

/** The zone as people name it, such as "Lisbon, GMT+1". */
export function zoneName(zone, instant) {
  const city = cityOf(zone);
  const short = format(zone, { timeZoneName: "short" }).formatToParts(instant).find((part) => part.type === "timeZoneName");
  return short && short.value !== city ? `${city}, ${short.value}` : city;
}

/** A Slack `ts` as milliseconds. */
export const instantOfTs = (ts) => Number.parseFloat(ts) * 1000;

/** A span such as "3 minutes ago" or "in 2 hours". */
export function ago(instant, now) {
  const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  // "1 day ago": 41 hours ago may be the day before yesterday.
  const counted = new Intl.RelativeTimeFormat("en", { numeric: "always" });
  const seconds = Math.round((instant - now) / 1000);
  for (const [unit, size] of [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return counted.format(Math.trunc(seconds / size), unit);
  }
  return relative.format(seconds, "second");
}

const ORDINAL = (day) => (day % 10 === 1 && day !== 11 ? "st" : day % 10 === 2 && day !== 12 ? "nd" : day % 10 === 3 && day !== 13 ? "rd" : "th");

/** Fills the `{…}` tokens of Slack's date format (`<!date^…>` and rich text dates). */
export function slackDate(pattern, instant, zone, now) {
  const day = wallClock(instant, zone).day;
  const date = (options) => format(zone, options).format(instant);
  const pretty = (plain) => {
    for (const [name, shift] of [["today", 0], ["yesterday", -86_400_000], ["tomorrow", 86_400_000]]) {
      if (dayKey(instant, zone) === dayKey(now + shift, zone)) return name;
    }
    return plain;
  };
  const values = {
    date_num: () => dayKey(instant, zone),
    date_slash: () => dayKey(instant, zone).replaceAll("-", "/"),
    date: () => `${date({ month: "long" })} ${day}${ORDINAL(day)}, ${date({ year: "numeric" })}`,
    date_short: () => `${date({ month: "short" })} ${day}, ${date({ year: "numeric" })}`,
    date_long: () => `${date({ weekday: "long" })}, ${date({ month: "long" })} ${day}${ORDINAL(day)}, ${date({ year: "numeric" })}`,
    date_long_full: () => `${date({ weekday: "long" })}, ${date({ month: "long" })} ${day}, ${date({ year: "numeric" })}`,
    day_divider_pretty: () => dayName(instant, zone, now),
    time: () => timeOf(instant, zone),
    time_secs: () => timeWithSeconds(instant, zone),
    ago: () => ago(instant, now),
  };
  for (const name of ["date", "date_short", "date_long"]) values[`${name}_pretty`] = () => pretty(values[name]());
  return pattern.replace(/\{([a-z_]+)\}/g, (token, name) => (values[name] ? values[name]() : token));
}
