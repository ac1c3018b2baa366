/** A record or key is not what the specification of Belenios asks. Never repeats a secret. */
export class BeleniosError extends Error {
  override readonly name = "BeleniosError";
}
