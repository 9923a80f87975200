/** Everything a person does goes through here, so that what went wrong is always shown. */
import { api } from "./api.js";
import { refreshScreen, shownPlace } from "./live.js";
import { notice } from "./notices.js";
import { state } from "./state.js";

/** The screen holds the warnings about the last thing done; the server does not announce them. */
async function refreshWarnings() {
  try {
    await refreshScreen(shownPlace());
  } catch {
    // The connection bar says that the server is away.
  }
}

/**
 * Does one thing as the present person and returns `{acked, ack_ms, ack, error}`, or null when the sandbox
 * refused it; then a notice says why, unless `refused(error)` takes care of it.
 */
export async function act(body, { refused } = {}) {
  const hadWarnings = Boolean(state.screens.get(shownPlace())?.errors?.length);
  let answer = null;
  try {
    answer = await api.act({ user: state.me, place: shownPlace(), ...body });
    return answer;
  } catch (error) {
    if (refused) refused(error);
    else notice(error.message, { kind: "error" });
    return null;
  } finally {
    if (hadWarnings || (answer && (!answer.acked || answer.error))) await refreshWarnings();
  }
}
