/** Of the page of the local stack. */
export const style = `:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
pre { overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere }
ul { padding: 0; list-style: none }
li { border-top: 1px solid light-dark(#d0d7de, #3d444d); padding: 0.25rem 0 }
summary { overflow-wrap: anywhere; padding: 0.25rem 0 }
small { opacity: 0.8 }
button { font: inherit; padding: 0.25rem 0.75rem; min-height: 2.25rem }`
