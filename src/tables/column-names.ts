const IDENTIFIER_WORDS = new Set([
  'id',
  'ids',
  'no',
  'nr',
  'code',
  'key',
  'uid',
  'uuid',
  'guid',
  'sku',
  'ean',
  'upc',
  'isbn',
  'zip',
  'zipcode',
  'postcode',
  'postalcode',
  'phone',
  'telephone',
  'tel',
  'mobile',
  'fax',
  'ssn',
  'iban',
  'openid',
  'unionid',
]);
const CHINESE_ENDINGS =
  /(编号|编码|代码|号码|单号|卡号|账号|帐号|工号|学号|款号|货号|批号|户号|会员号|电话|手机|手机号|邮编|身份证|身份证号|条码|标识|序列号)$/;

/**
 * Whether a column of this name holds identifiers: its last word is id, no, code and the like ("CustomerID", "order_no",
 * "InvoiceNo", "zip code"), or it ends in 编号, 单号, 手机 and the like. "number" counts only after another word, as in
 * "card number".
 */
export function namesIdentifier(name: string): boolean {
  const trimmed = name.trim();
  if (CHINESE_ENDINGS.test(trimmed)) return true;
  const words = trimmed
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  if (IDENTIFIER_WORDS.has(last)) return true;
  if (/^[\p{Script=Han}\s]*id$/u.test(last) && last !== 'id') return true;
  return words.length > 1 && (last === 'number' || last === 'num') && words[0] !== 'total' && !words.includes('of');
}

/** Names as they will stand: blanks trimmed, empty ones `column1` … by position, a second one of a name "name (2)". */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((given, index) => {
    const name = given.trim() === '' ? `column${index + 1}` : given.trim();
    let distinct = name;
    for (let n = 2; taken.has(distinct); n++) distinct = `${name} (${n})`;
    taken.add(distinct);
    return distinct;
  });
}
