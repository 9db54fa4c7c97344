/** Kinds of media types, as far as web actions tell them apart. By their names without parameters, in lower case. */

export const isJson = (mediaType: string) => mediaType === "application/json" || mediaType.endsWith("+json");

/** What is passed on as text; anything else is binary, and passed on in base64. */
export const isText = (mediaType: string) =>
  /^(text|message)\//.test(mediaType) || /^application\/(x-www-form-urlencoded|xml|javascript|.*\+xml)$/.test(mediaType);

/** The media type of a Content-Type. */
export const mediaTypeOf = (contentType: string) => contentType.split(";")[0]!.trim().toLowerCase();
