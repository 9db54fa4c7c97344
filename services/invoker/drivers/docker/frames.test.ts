import fc from "fast-check";
import type { LogStream } from "../../../core/ports/containers";
import { FrameReader } from "./frames";

function frame(stream: LogStream, text: string): Buffer {
  const bytes = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream === "stdout" ? 1 : 2;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

it("takes the streams apart, however the bytes are cut", () => {
  const frames = fc.array(fc.tuple(fc.constantFrom<LogStream>("stdout", "stderr"), fc.string({ unit: "grapheme", maxLength: 30 })), { maxLength: 20 });
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), (all, sizes) => {
      const bytes = Buffer.concat(all.map(([stream, text]) => frame(stream, text)));
      const got: Record<LogStream, Buffer[]> = { stdout: [], stderr: [] };
      const reader = new FrameReader((stream, part) => got[stream].push(part));
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const size = sizes[i % sizes.length]!;
        reader.push(bytes.subarray(at, at + size));
        at += size;
      }
      for (const stream of ["stdout", "stderr"] as const) {
        const expected = all.filter(([to]) => to === stream).map(([, text]) => text);
        expect(Buffer.concat(got[stream]).toString()).toBe(expected.join(""));
      }
    }),
  );
});
