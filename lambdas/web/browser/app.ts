/*
 * The script of the dashboard. Every page works without it. It keeps a page fresh and saves clicks,
 * where the page says so:
 *
 * data-live="<url>"       A region to keep fresh. The URL answers a part of a page. Each element of
 *                         the answer that has data-row or data-part updates the one of the same
 *                         name in the region; nothing moves, comes or goes. When the region has
 *                         rows, their names are sent as ?rows=a,b,c. The answer has an ETag, and
 *                         may say in X-As-Of, an ISO instant, when it was true.
 * data-live-soon          On the region, or in it: something is waited for. Asks every 3 seconds,
 *                         for ten minutes. With data-live-goal="<css>" the page is loaded anew when
 *                         the region has such an element.
 * data-row="<name>"       A row: of the list, or the check of a page. In an answer, too, a <tr> has
 *                         a <table> around it, or browsers drop it. data-status="down" tells its
 *                         status as a word (down, late, up, new, paused), data-name its name. A
 *                         change is said aloud and counted. j and k go from the first link of one
 *                         row to that of the next.
 * data-part="<name>"      Anything else of a region that may change.
 * data-changed            <a hidden> to the page as it is sorted now. Shown with the number of rows
 *                         whose status has changed.
 * data-as-of="<zone>"     Gets the time of day, in the zone, at which the region was true.
 * data-down="<number>"    How many are down: goes into the title of the page and its icon.
 * data-search             A search field: / goes to it, and rows are narrowed as one types.
 * data-shortcut="n"       A link or button that a key presses: one key, or "g c" for two. They work
 *                         while <body data-shortcuts="on">, and never while one types. ? lists them
 *                         by data-shortcut-words, or by their text.
 * data-copy="<id>"        <button hidden>: copies the text of that element.
 * data-zone               <select hidden> of time zones: shows each <time data-zoned> by one.
 *                         data-zone-name gets the name that is chosen.
 * data-preview="<url>"    A form, or a part of one: its fields are sent to the URL as one types,
 *                         and what it answers is shown in its data-preview-result.
 * data-busy="<words>"     What a button says while its form is under way; "Working …" without it.
 * data-scripted           <… hidden> that is of use with the script alone: is shown.
 * data-unscripted         What is of use without it alone: is hidden.
 */
import { copyOnClick } from './copy.ts'
import { followKeys } from './keys.ts'
import { keepFresh } from './live.ts'
import { previewAsOneTypes } from './preview.ts'
import { searchRows } from './search.ts'
import { sayWhatIsUnderWay } from './under-way.ts'
import { tellNumberDown } from './tab.ts'
import { switchZones } from './zones.ts'

for (const each of document.querySelectorAll<HTMLElement>('[data-scripted]')) each.hidden = false
for (const each of document.querySelectorAll<HTMLElement>('[data-unscripted]')) each.hidden = true
copyOnClick()
followKeys()
previewAsOneTypes()
searchRows()
sayWhatIsUnderWay()
tellNumberDown()
switchZones()
keepFresh()
