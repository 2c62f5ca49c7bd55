/** What is drawn on a terminal beside the line that is typed: lists, forms, dialogs, a pager, bars, tables. */
export { Panel } from "./frame/panel.ts";
export type { Size, Widget } from "./frame/widget.ts";
export { Live, type LiveItem } from "./live/live.ts";
export { ProgressBar, type ProgressUnit } from "./live/progress-bar.ts";
export { SpinnerRow } from "./live/spinner-row.ts";
export { Pager } from "./pager/pager.ts";
export { Checkbox } from "./prompts/checkbox.ts";
export { Choose } from "./prompts/choose.ts";
export { Confirm } from "./prompts/confirm.ts";
export { type Choice, type FormField, objectionOf, type Validate } from "./prompts/controls.ts";
export { Dialog } from "./prompts/dialog.ts";
export { Form, type FormAnswers, type FormFields } from "./prompts/form.ts";
export { isDisabled } from "./prompts/list.ts";
export { Menu, type MenuEntry } from "./prompts/menu.ts";
export type { Border } from "./table/borders.ts";
export { table, type TableCell, type TableColumn, type TableOptions, type TableRow } from "./table/table.ts";
export { type Glyphs, glyphsFor, green, red } from "./theme.ts";
