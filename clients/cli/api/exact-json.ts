/** Newer than the ES2023 library: the text of each number at parsing, and a way to write a number as it was. */
const exact = JSON as unknown as {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): boolean;
};

/** Whether a value is a number that is kept as its text. */
export const isRawNumber = (value: unknown): boolean => exact.isRawJSON(value);

/**
 * Parses JSON so that writing it again gives the same numbers, also those that a double cannot hold (`12345678901234567890`).
 *
 * @throws SyntaxError if the text is not one JSON value
 */
export function parseExact(text: string): unknown {
  return exact.parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined && String(value) !== source ? exact.rawJSON(source) : value,
  );
}
