/** The sandbox server's JSON routes. Every failure becomes an `ApiError` with a sentence to show. */

export class ApiError extends Error {
  constructor(sentence, status, errors = null) {
    super(sentence);
    this.status = status;
    /** For a refused form: what is wrong, by block id. */
    this.errors = errors;
  }
}

async function request(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
    });
  } catch {
    throw new ApiError("The sandbox does not answer. Is it still running?", 0);
  }
  let answer = null;
  try {
    answer = await response.json();
  } catch {
    // Not JSON: the status below decides, and its text would say nothing to a reader.
  }
  if (!response.ok) {
    throw new ApiError(answer?.error ?? `The sandbox answered ${response.status}.`, response.status, answer?.errors ?? null);
  }
  return answer;
}

/** A form that is not complete was not sent: the answer says which inputs are missing. */
function refuseIncomplete(answer) {
  if (answer?.errors) throw new ApiError(answer.error, 200, answer.errors);
  return answer;
}

/** How many of a place's messages the page holds; the cost of an update stays flat as history grows. */
export const MOST_MESSAGES = 500;

const query = (values) => new URLSearchParams(values).toString();

export const api = {
  app: () => request("GET", "/_sandbox/app"),
  people: () => request("GET", "/_sandbox/people"),
  places: (user) => request("GET", `/_sandbox/places?${query({ user })}`),
  screen: (user, place) => request("GET", `/_sandbox/screen?${query({ user, place, limit: MOST_MESSAGES })}`),
  open: (body) => request("POST", "/_sandbox/places", body),
  act: (body) => request("POST", "/_sandbox/act", body).then(refuseIncomplete),
  options: (body) => request("POST", "/_sandbox/options", body),
  clock: () => request("GET", "/_sandbox/clock"),
  moveClock: (body) => request("POST", "/_sandbox/clock", body),
  log: (since) => request("GET", `/_sandbox/log?${query({ since })}`),
  streamAddress: (user) => `/_sandbox/stream?${query({ user })}`,
};
