// The few words scripts say themselves. Everything else is in the page, said by the server.
const ru = {
	copied: "Скопировано", copyFailed: "Не удалось скопировать: выделите текст и нажмите Ctrl+C",
	yes: "Продолжить", no: "Отмена", sure: "Точно?", close: "Закрыть", now: "сейчас",
	offline: "Нет связи с сервером. Повторите через минуту", slow: "Сервер не ответил вовремя",
	failed: "Не получилось. Запрос: ", denied: "Нет прав на это действие",
	expired: "Вход устарел: обновите страницу", table: "Показать таблицей", plot: "Показать графиком",
	day: "День", total: "Всего", previous: "прошлый период", editor: "Редактор текста",
};
const en = {
	copied: "Copied", copyFailed: "Could not copy: select the text and press Ctrl+C",
	yes: "Continue", no: "Cancel", sure: "Are you sure?", close: "Close", now: "now",
	offline: "No connection to the server. Try again in a minute", slow: "The server took too long",
	failed: "That did not work. Request: ", denied: "You are not allowed to do this",
	expired: "Your sign-in has expired: reload the page", table: "Show as a table",
	plot: "Show as a chart", day: "Day", total: "Total", previous: "previous period",
	editor: "Text editor",
};

export const lang = () => (/^en/i.test(document.documentElement.lang) ? "en" : "ru");
export const say = (word) => (lang() === "en" ? en : ru)[word];
