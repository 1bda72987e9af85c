// How long anything may take, in milliseconds. A quiet machine needs some for an answer; a busy one has been seen to need two seconds.
export const PATIENCE = 10_000;

export const moment = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Waits until it is so.
export async function eventually(check, what) {
  const end = Date.now() + PATIENCE;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`it took longer than ${PATIENCE / 1000} s: ${what}`);
    await moment(20);
  }
}
