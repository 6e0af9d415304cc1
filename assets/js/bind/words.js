// What the overlay says, in the language of the one who opened it.
const ru = {
	title: "События на сайте", close: "Закрыть", side: "На другую сторону", pick: "Указать элемент", page: "Событие страницы", here: "На этой странице",
	else_: "На других страницах", none: "Пока ничего. Укажите кнопку, ссылку или форму.", found: "сейчас на странице", hour: "за час", day: "за сутки",
	edit: "Изменить", pause: "Приостановить", publish: "Опубликовать", del: "Удалить", sure: "Точно удалить?", draft: "Сохранить черновик",
	picking: "Покажите на элемент и нажмите", keys: "↑ к внешнему, ↓ к вложенному, Enter — выбрать, Esc — отмена",
	picking_value: "Покажите, где на странице стоит значение", event: "Название события", event_hint: "Например, «Нажал Купить»",
	when: "Когда", click: "Нажатие", submit: "Отправка формы", view: "Элемент виден", page_kind: "Просмотр страницы",
	what: "На чём", only: "Только это", alike: "Все такие", selector: "Селектор", matches: "Найдено на странице",
	where: "Где", where_here: "Эта страница", where_like: "Похожие", where_all: "Везде", once: "Не больше раза за просмотр",
	properties: "Свойства", add_value: "Значение со страницы", add_attribute: "Атрибут элемента…", add_layer: "Из data layer…", add_url: "Из адреса…",
	add_const: "Постоянное", name: "Имя", remove: "Убрать", empty: "нет значения", preview: "Так уйдёт событие", try_: "Проверить", back: "Назад",
	trying: "Проверка", trying_hint: "Сделайте на странице то, что должно вызвать событие. Ничего не отправляется, переходы остановлены.",
	times: "Сработало", text: "текст", number: "число", bool: "да/нет", state_published: "работает", state_draft: "черновик", state_paused: "на паузе",
	ended: "Ссылка больше не работает. Откройте сайт ещё раз со страницы источника.",
	denied: "Эта ссылка здесь не подходит: пользователь или источник отключён, либо на странице стоит код другого источника.",
	away: "Сервер не отвечает. Если у сайта строгая политика CSP, разрешите в ней connect-src для {host}.", wrong: "Не сохранено: {why}",
	no_name: "Назовите событие", gone: "Этого события уже нет: его удалили в другом месте.", saved: "Сохранено", published: "Опубликовано: на сайте начнёт действовать в течение минуты", part: "Часть пути {n}",
	path: "Весь путь", query: "Параметр {n}", pick_again: "Указать другой элемент", no_layer: "В data layer пока пусто",
};
const en = {
	title: "Events on the site", close: "Close", side: "To the other side", pick: "Point at an element", page: "Event of the page", here: "On this page",
	else_: "On other pages", none: "Nothing yet. Point at a button, a link or a form.", found: "on the page now", hour: "in an hour", day: "in a day",
	edit: "Edit", pause: "Pause", publish: "Publish", del: "Delete", sure: "Really delete?", draft: "Save a draft",
	picking: "Point at an element and click", keys: "↑ to the outer one, ↓ to the inner one, Enter picks, Esc cancels",
	picking_value: "Point at where the value stands on the page", event: "Name of the event", event_hint: "For example, “Pressed Buy”",
	when: "When", click: "Click", submit: "Form sent", view: "Element is seen", page_kind: "Page view",
	what: "On what", only: "Only this one", alike: "All like this", selector: "Selector", matches: "Found on the page",
	where: "Where", where_here: "This page", where_like: "Pages like it", where_all: "Everywhere", once: "At most once for each view",
	properties: "Properties", add_value: "A value of the page", add_attribute: "Attribute of the element…", add_layer: "From the data layer…", add_url: "From the address…",
	add_const: "Constant", name: "Name", remove: "Remove", empty: "no value", preview: "The event as it will be sent", try_: "Try", back: "Back",
	trying: "Trying", trying_hint: "Do on the page what should cause the event. Nothing is sent, links and forms are stopped.",
	times: "Happened", text: "text", number: "number", bool: "yes/no", state_published: "works", state_draft: "draft", state_paused: "paused",
	ended: "This link does not work any more. Open the site again from the source's page.",
	denied: "This link does not fit here: its user or source is turned off, or the page has the tag of another source.",
	away: "The server does not answer. If the site has a strict CSP, allow connect-src for {host} in it.", wrong: "Not saved: {why}",
	no_name: "Name the event", gone: "This event is not there any more: it was deleted elsewhere.", saved: "Saved", published: "Published: the site follows within a minute", part: "Part {n} of the path",
	path: "The whole path", query: "Parameter {n}", pick_again: "Point at another element", no_layer: "The data layer is still empty",
};

// What the server says of a binding it does not take (src/tenant/binding.c); in English it says so itself.
const refusals = [
	[/^the event has no name$/, "нет названия события"], [/^a selector says which element is meant$/, "не указан элемент"],
	[/^an event of a page itself has no selector$/, "для просмотра страницы селектор не нужен"], [/^an event of a page says which pages$/, "не указано, на каких страницах"],
	[/^where is a path /, "«Где» — путь вроде /cart или /catalog/* либо полный адрес"],
	[/^a property has a name of /, "имя свойства — до 64 байт, без точек, кавычек и скобок"],
	[/^the property "(.*)" does not say which /, "у свойства «$1» не сказано, откуда взять значение"],
	[/^two properties have the same name$/, "два свойства с одним именем"], [/^properties is a list of at most (\d+)$/, "свойств может быть не больше $1"],
	[/ has a control character in it$/, "есть непечатаемый символ"], [/ has at most (\d+) bytes, not \d+$/, "слишком длинно, можно до $1 байт"],
	[/^a source has at most (\d+) bindings/, "у источника может быть не больше $1 событий на сайте"],
	[/^what is published of this source has /, "опубликовано слишком много: приостановите или удалите часть событий"],
];

// Why the server refused, in the language.
export function why(language, said) {
	const [shape, text] = (language !== "en" && refusals.find(([r]) => r.test(said))) || [];
	return shape ? said.replace(shape, text) : said;
}

export function words(language) {
	const set = language === "en" ? en : ru;
	return (key, args) => Object.keys(args || {}).reduce((t, k) => t.replace("{" + k + "}", () => args[k]), set[key] || key);
}
