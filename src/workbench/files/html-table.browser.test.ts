import { expect, test } from 'vitest';
import { tableText } from './html-table.ts';

test('the cells of a copied table are told apart, merged ones and those of several lines too', () => {
  const html = `<html><body><!--StartFragment--><table><tr><td colspan=2>Shop</td><td>Note</td></tr>
    <tr><td rowspan="2">A&nbsp;1</td><td>1,200</td><td>two<br>
       lines, "quoted"</td></tr><tr><td>7</td><td><img src="https://example.org/x.png" onerror="alert(1)">x</td></tr></table></body></html>`;
  expect(tableText(html)).toBe('Shop\t\tNote\nA 1\t1,200\t"two\nlines, ""quoted"""\n\t7\tx');
  expect(tableText('<p>no table</p>')).toBeUndefined();
});
