// The place to drop files: sends each with PUT /upload/<id>/<name>, one after the other, and tells the page when all are there.
// What is being sent is kept beside the page (window), so that it goes on when another page of the menu is looked at.

const board = (window.huitouUploads ??= { sending: [], view: null })

export default function (component) {
  const { parentElement: root, data, setTriggerValue } = component
  board.view = { root, data, tell: () => setTriggerValue("changed", Date.now()) }
  const here = new Set(data.files.map((file) => file.id))
  board.sending = board.sending.filter((item) => item.state !== "arrived" || (!here.has(item.id) && data.run <= item.run))
  const drop = root.querySelector(".drop")
  const pick = root.querySelector("#pick")
  root.querySelector(".label").textContent = data.words.label
  root.querySelector(".button").textContent = data.words.choose
  root.querySelector(".beside").textContent = data.words.drop
  root.querySelector(".kinds").textContent = data.words.kinds
  pick.accept = data.kinds.map((kind) => "." + kind).join(",")
  pick.onchange = () => {
    add(Array.from(pick.files))
    pick.value = ""
  }
  drop.ondragover = (event) => {
    event.preventDefault()
    drop.classList.add("over")
  }
  drop.ondragleave = () => drop.classList.remove("over")
  drop.ondrop = (event) => {
    event.preventDefault()
    drop.classList.remove("over")
    add(Array.from(event.dataTransfer.files))
  }
  window.onbeforeunload = (event) => (busy() ? event.preventDefault() : undefined)
  show()
  pump()
  return () => {
    if (board.view?.root === root) board.view = null
  }
}

const busy = () => board.sending.some((item) => item.state === "sending" || item.state === "waiting")

function add(files) {
  for (const file of files) board.sending.push(checked({ file, name: file.name, sent: 0, state: "waiting" }))
  show()
  pump()
}

// What the server would refuse anyway is not sent.
function checked(item) {
  const { data } = board.view
  const ending = item.name.split(".").pop().toLowerCase()
  if (!data.kinds.includes(ending)) fail(item, data.words.unwanted, false)
  else if (item.file.size > data.limit * 1e6) fail(item, data.words.large, false)
  else if (item.file.size === 0) fail(item, data.words.empty, false)
  return item
}

function fail(item, problem, again = true) {
  Object.assign(item, { state: "failed", problem, again, sent: 0, xhr: null })
}

// One file at a time: the first is there sooner, and cancelling one leaves the others alone.
function pump() {
  if (board.sending.some((item) => item.state === "sending")) return
  const item = board.sending.find((one) => one.state === "waiting")
  if (item) send(item)
}

function address(id, name) {
  return `/upload/${id}/${encodeURIComponent(name)}`
}

function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("")
}

function send(item) {
  const ticket = (board.ticket = board.view?.data.ticket ?? board.ticket)
  const xhr = new XMLHttpRequest()
  Object.assign(item, { id: newId(), state: "sending", sent: 0, problem: "", xhr })
  xhr.open("PUT", address(item.id, item.name))
  xhr.setRequestHeader("x-huitou-upload", ticket)
  xhr.upload.onprogress = (event) => {
    item.sent = event.loaded
    show()
  }
  xhr.onload = () => (xhr.status === 201 ? arrived(item) : ended(item, answer(xhr).error))
  xhr.onerror = () => ask(item)
  xhr.onabort = () => forgetItem(item)
  xhr.send(item.file)
  show()
}

function answer(xhr) {
  try {
    return JSON.parse(xhr.responseText)
  } catch {
    return {}
  }
}

// A browser that is still sending often misses why the server stopped reading: then it asks.
async function ask(item) {
  try {
    const reply = await fetch(address(item.id, item.name), { headers: { "x-huitou-upload": board.ticket } })
    const told = await reply.json()
    told.whole ? arrived(item) : ended(item, told.error)
  } catch {
    ended(item, "")
  }
}

function arrived(item) {
  Object.assign(item, { state: "arrived", sent: item.file.size, run: board.view?.data.run ?? 0, xhr: null })
  say("arrived", item.name)
  next()
}

function ended(item, problem) {
  fail(item, problem || board.view?.data.words.broken || "")
  next()
}

function next() {
  show()
  pump()
  if (!busy()) board.view?.tell()
}

function forgetItem(item) {
  board.sending = board.sending.filter((one) => one !== item)
  say("cancelled", item.name)
  next()
}

function again(item) {
  item.state = "waiting"
  show()
  pump()
}

async function cancel(item) {
  if (item.xhr) item.xhr.abort()
  else forgetItem(item)
}

async function remove(file) {
  const { ticket } = board.view.data
  await fetch(address(file.id, file.name), { method: "DELETE", headers: { "x-huitou-upload": ticket } })
  board.sending = board.sending.filter((item) => item.id !== file.id)
  show()
  board.view?.tell()
}

function say(which, name) {
  const view = board.view
  if (view) view.root.querySelector(".said").textContent = view.data.words[which].replace("{name}", name)
}

function size(bytes, language) {
  const [value, unit] = bytes < 1e6 ? [Math.max(1, Math.round(bytes / 1e3)), "KB"] : [bytes / 1e6, "MB"]
  return value.toLocaleString(language, { maximumFractionDigits: value < 10 ? 1 : 0 }) + " " + unit
}

function show() {
  const view = board.view
  if (!view) return
  const { root, data } = view
  const list = root.querySelector(".files")
  const shown = new Set(data.files.map((file) => file.id))
  const rows = [...data.files.map((file) => whole(file, data)), ...board.sending.filter((item) => !shown.has(item.id)).map((item) => coming(item, data))]
  reconcile(list, rows)
}

// Rows stay the same elements while their contents change, so that the button under the finger and the focus stay.
function reconcile(list, rows) {
  rows.forEach((row, place) => {
    let element = list.children[place]
    if (!element || element.dataset.key !== row.key) {
      element = document.createElement("li")
      element.dataset.key = row.key
      element.append(part("span", "name"), part("span", "size"), part("div", "buttons"))
      list.insertBefore(element, list.children[place] ?? null)
    }
    fill(element, row)
  })
  while (list.children.length > rows.length) list.lastElementChild.remove()
}

function part(kind, name) {
  const element = document.createElement(kind)
  element.className = name
  return element
}

function fill(element, row) {
  element.querySelector(".name").textContent = row.name
  const note = element.querySelector(".size, .problem")
  note.className = row.problem ? "problem" : "size"
  note.textContent = row.problem || row.note
  const bar = element.querySelector("progress") ?? (row.share === undefined ? null : note.insertAdjacentElement("afterend", part("progress", "")))
  if (bar && row.share === undefined) bar.remove()
  else if (bar) {
    bar.max = 1
    bar.value = row.share
    bar.setAttribute("aria-label", row.name)
  }
  const buttons = element.querySelector(".buttons")
  row.buttons.forEach((told, place) => {
    const button = buttons.children[place] ?? buttons.appendChild(document.createElement("button"))
    const [text, action] = told ?? ["", null]
    button.type = "button"
    button.textContent = text
    button.setAttribute("aria-label", `${text} ${row.name}`)
    button.hidden = !told
    button.onclick = (event) => (event.detail > 1 ? null : action?.()) // the second half of a double click was meant for what stood here
  })
}

// Two places, so that what removes a file never comes to where another button just was: on the left what goes on or stops, on the right
// what asks whether to remove, and the answer to that on the left again.
function removal(key, words, act) {
  if (board.asked !== key) return [null, [words.remove, () => askRemoval(key)]]
  return [[words.sure, act], [words.keep, () => askRemoval(null)]]
}

function askRemoval(key) {
  board.asked = key
  show()
}

function whole(file, data) {
  return { key: file.id, name: file.name, note: size(file.bytes, data.language), buttons: removal(file.id, data.words, () => remove(file)) }
}

function coming(item, data) {
  const { words, language } = data
  const total = item.file.size
  item.key ??= newId()
  const row = { key: item.key, name: item.name, note: size(total, language), buttons: [[words.cancel, () => cancel(item)], null] }
  if (item.state === "waiting") row.note = `${size(total, language)} · ${words.waiting}`
  if (item.state === "sending") {
    row.share = total ? item.sent / total : 0
    row.note = item.sent < total ? progress(item, data) : words.checking
  }
  if (item.state === "arrived") row.buttons = removal(item.id, words, () => remove(item))
  if (item.state === "failed") {
    row.problem = item.problem
    row.buttons = [item.again ? [words.again, () => again(item)] : null, [words.remove, () => cancel(item)]]
  }
  return row
}

function progress(item, data) {
  const percent = Math.floor((100 * item.sent) / item.file.size) + "%"
  const filled = { percent, done: size(item.sent, data.language), total: size(item.file.size, data.language) }
  return data.words.progress.replace(/{(\w+)}/g, (_, name) => filled[name])
}
