/** Whether a text can be nothing but base64, whole and padded. The empty text is not. */
export const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
