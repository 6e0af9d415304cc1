// What the editor says itself, in Russian. English is its own.
import { EditorState } from "@codemirror/state";
import { lang } from "../app/words.js";

const ru = {
	"Find": "Найти", "Replace": "Заменить на", "next": "дальше", "previous": "назад", "all": "все",
	"match case": "регистр", "by word": "слово целиком", "regexp": "выражение", "replace": "заменить",
	"replace all": "заменить все", "close": "закрыть", "current match": "текущее совпадение",
	"on line": "в строке", "Go to line": "К строке", "go": "перейти", "Completions": "Подсказки",
	"Diagnostics": "Ошибки", "No diagnostics": "Ошибок нет", "Selection deleted": "Выделенное удалено",
	"replaced $ matches": "заменено: $", "replaced match on line $": "заменено в строке $",
	"Control character": "Управляющий знак",
};

export const phrases = () => (lang() === "ru" ? EditorState.phrases.of(ru) : []);
