/** A condition on a time, both bounds inclusive. */
export function between<F extends string>(field: F, since: number | undefined, upto: number | undefined): { [K in F]?: { $gte?: number; $lte?: number } } {
  if (since === undefined && upto === undefined) return {};
  const bounds = { ...(since === undefined ? {} : { $gte: since }), ...(upto === undefined ? {} : { $lte: upto }) };
  return { [field]: bounds } as { [K in F]: typeof bounds };
}
