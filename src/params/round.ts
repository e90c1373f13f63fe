export const match = (text: string) => /^[0-9a-z]{8}$/.test(text);
