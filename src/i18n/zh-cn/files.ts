import type { files as english } from '../en-us/files.ts';
import { countIn } from '../numbers.ts';

const count = (value: number): string => countIn('zh-CN', value);

export const files: typeof english = {
  'command.openFile': '打开文件…',
  'command.saveFile': '将工作簿保存到文件',
  'command.saveFileAs': '将工作簿另存为…',
  'command.pasteTable': '粘贴为数据表',
  'command.exportTableXlsx': '将数据表导出为 Excel (XLSX)…',
  'command.exportTableParquet': '将数据表导出为 Parquet…',
  'command.exportTableArrow': '将数据表导出为 Arrow…',
  'command.exportTableJson': '将数据表导出为 JSON 行…',
  'command.exportSheetXlsx': '将工作表导出为 Excel (XLSX)',
  'command.cancelFile': '取消正在进行的保存、打开或导出',
  'command.takeOver': '接手已关闭标签页的编辑',

  'file.none': '尚未存为文件',
  'file.saved': (name: string, time: string): string => `文件：${name}，保存于 ${time}`,
  'file.changed': (name: string): string => `文件：${name}，之后有改动`,
  'file.menu': '工作簿文件',
  'file.menuTip': '存为自己的文件，即可保留整个工作簿：工作表、数据表和结果',
  'file.save': '保存到文件',
  'file.saveAs': '另存为…',
  'file.open': '打开文件…',
  'file.cancel': '取消',
  'file.kind': '客本工作簿',
  'file.saving': (name: string): string => `正在保存“${name}”`,
  'file.savedNotice': (name: string): string => `已保存“${name}”，包含全部工作表、数据表和结果。`,
  'file.downloaded': (name: string): string => `已将“${name}”交给浏览器下载，包含全部工作表、数据表和结果。`,
  'file.saveFailed': (name: string): string => `无法保存“${name}”，原有文件未受影响。`,
  'file.saveRemedy': '请检查磁盘空间和文件夹的写入权限，或选择“另存为…”。',
  'file.saveCancelled': (name: string): string => `已取消保存“${name}”，原有文件未受影响。`,
  'file.opening': (name: string): string => `正在打开“${name}”`,
  'file.opened': (name: string, tables: number): string => `已打开“${name}”，共 ${count(tables)} 张数据表。`,
  'file.lost': (name: string, lost: string): string =>
    `已打开“${name}”，但文件有一部分损坏，以下数据表未能恢复：${lost}。`,
  'file.lostRemedy': '如有该文件的副本，请打开副本，或重新导入这些数据表。',
  'file.openFailed': (name: string): string => `无法打开“${name}”，此处的内容未作任何改动。`,
  'file.openCancelled': (name: string): string => `已取消打开“${name}”，未保存任何内容。`,
  'file.fault.notPatron': '这不是客本文件，或文件不完整。请重新下载或复制，或选择其他文件。',
  'file.fault.newer': '该文件由更新版本的客本保存，请更新后再打开。',
  'file.fault.damaged': '文件已损坏。请打开它的副本，或在来源处重新保存。',
  'file.fault.tooLarge': '文件解压后超出可安全打开的大小。请只打开可信的文件。',
  'file.fault.runs': (left: number): string => `文件中有 ${count(left)} 个结果无法读取，已略过。`,
  'file.dropHere': '松开即可打开',
  'file.dropHint': '各种格式的数据表，或客本工作簿',

  'import.sheet': '工作表',
  'import.several': '多个文件',
  'import.together': '上下相接，合为一张数据表',
  'import.separate': '每个文件一张数据表',
  'import.titleSeveral': (files: number): string => `导入 ${count(files)} 个文件`,
  'import.files': (files: number, size: string): string => `${count(files)} 个文件 · ${size}`,
  'import.severalHint': (name: string): string => `预览显示的是“${name}”。编码、分隔符和类型适用于所有文件。`,
  'import.columnsDiffer': (names: string): string => `以下文件的列与第一个文件不同：${names}。缺少的列在其行中留空。`,
  'import.severalRunning': (name: string, number: number, files: number): string =>
    `正在导入“${name}”（第 ${count(number)} 个，共 ${count(files)} 个）`,
  'import.severalDone': (tables: number): string => `已导入 ${count(tables)} 张数据表。`,
  'import.severalFailed': (name: string): string => `无法导入“${name}”。`,
  'import.severalTaken': '这些文件要合成的数据表已撤回，未保存任何内容。',
  'import.severalStands': (tables: number): string => `此前的 ${count(tables)} 张数据表已导入并保留。`,

  'rejects.error-value': '单元格为错误值',

  'paste.name': '粘贴的数据',
  'paste.empty': '剪贴板中没有文本。请先在电子表格中复制单元格。',
  'paste.refused': '浏览器不允许读取剪贴板。',
  'paste.refusedRemedy': '请点击数据表列表后按 Ctrl+V（Mac 上为 Cmd+V），或允许此页面访问剪贴板。',

  'tables.exportXlsx': '导出为 Excel (XLSX)',
  'tables.exportParquet': '导出为 Parquet 文件',
  'tables.exportArrow': '导出为 Arrow 文件',
  'tables.exportJson': '导出为 JSON 行',
  'export.cancelled': (name: string): string => `已取消导出“${name}”。`,
  'export.tooManyRows': 'Excel 工作表最多容纳 1,048,575 行，请将数据表导出为 CSV 或 Parquet。',

  'readOnly.banner': '此工作簿已在另一个标签页中打开，这里为只读，并随那里的保存更新。',
  'readOnly.free': '另一个标签页已关闭，可以在这里继续编辑。',
  'readOnly.takeOver': '接手编辑',
  'readOnly.refused': '此工作簿已在另一个标签页中打开，这里为只读。请在那里修改，或先关闭那个标签页。',
  'sheet.notice.workbookReadOnly': (_sheet: string): string =>
    '此工作簿已在另一个标签页中打开，这里为只读。请在那里修改，或先关闭那个标签页。',

  'update.ready': '客本的新版本已就绪。',
  'update.reload': '重新加载',
};
