import type { Express, Response } from "express";

/**
 * Answers in JSON without a charset: that type has none (RFC 8259), and OpenWhisk names none. Nor is there an ETag, so the
 * shortest way out will do.
 */
export function answerPlainJson(app: Express): void {
  const { response } = app as Express & { response: Pick<Response, "json"> };
  response.json = function json(this: Response, value: unknown) {
    if (!this.hasHeader("Content-Type")) this.setHeader("Content-Type", "application/json");
    return this.end(JSON.stringify(value));
  };
}
