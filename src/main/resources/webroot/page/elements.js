/**
 * An element of the page by its id, of the type that the markup gives it.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`index.html has no ${type.name} #${id}`);
  return element;
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {(Node | string)[]} children
 */
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}

/**
 * @param {string} className
 * @param {string} label
 * @param {() => void} act
 * @param {(Node | string)[]} [content] what it shows instead of its label
 */
export function button(className, label, act, content) {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = className;
  element.append(...content ?? [label]);
  if (content) [element.title, element.ariaLabel] = [label, label];
  element.addEventListener('click', act);
  return element;
}

/** @param {string} name a symbol of icons.svg */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `/page/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/**
 * @param {HTMLButtonElement} button
 * @param {string} name
 */
export function setIcon(button, name) {
  button.querySelector('use')?.setAttribute('href', `/page/icons.svg#${name}`);
}

/**
 * Draws a container anew; who was at an element with a `data-focus` is at its successor afterwards, with what he was writing.
 * @param {HTMLElement} container
 * @param {(Node | string)[]} content
 */
export function redraw(container, ...content) {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && container.contains(active) ? active.dataset['focus'] : undefined;
  const { scrollTop } = container;
  container.replaceChildren(...content);
  container.scrollTop = scrollTop;
  if (!key) return;
  const successor = /** @type {HTMLElement | null} */ (container.querySelector(`[data-focus="${CSS.escape(key)}"]`));
  if (successor instanceof HTMLInputElement && active instanceof HTMLInputElement) successor.value = active.value;
  successor?.focus({ preventScroll: true });
}

/**
 * @template {HTMLElement} T
 * @param {T} element
 * @param {string} key
 */
export function focusedBy(element, key) {
  element.dataset['focus'] = key;
  return element;
}

/**
 * Asks before what cannot be undone.
 * @param {string} text
 * @param {string} yes
 * @returns {Promise<boolean>}
 */
export function confirmed(text, yes) {
  const dialog = byId('confirm', HTMLDialogElement);
  byId('confirm-text', HTMLElement).textContent = text;
  byId('confirm-yes', HTMLButtonElement).textContent = yes;
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }));
}
