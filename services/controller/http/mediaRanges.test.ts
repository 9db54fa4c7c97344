import { accepts } from "./mediaRanges";

test.each([undefined, "", "*/*", "*", "text/html", "TEXT/HTML", "text/*", "application/json, text/html;q=0.1", "application/json,*/*;q=0.8", "text/html;level=1", "text/html; charset=utf-8", "image/*;q=0, text/html", "text/html, image/gif, *; q=.2, */*; q=.2", "no type", "text/html, rubbish"])(
  "text/html is taken by %j",
  (accept) => {
    expect(accepts(accept, "text/html")).toBe(true);
  },
);

test.each(["application/json", "text/plain", "image/*", "text/html;q=0", "text/*;q=0", "*/*;q=0", "*/*, text/html;q=0", "text/html;q=0.0, */*"])("text/html is not taken by %j", (accept) => {
  expect(accepts(accept, "text/html")).toBe(false);
});
