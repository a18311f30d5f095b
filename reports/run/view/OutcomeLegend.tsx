/** Colour and shape of the outcomes, wherever they are drawn. */
export function OutcomeLegend() {
  return (
    <ul class="legend" aria-label="Outcomes">
      <li>
        <svg width="12" height="12" aria-hidden="true" class="ok">
          <circle cx="6" cy="6" r="3.5" class="mark" />
        </svg>
        ok
      </li>
      <li>
        <svg width="12" height="12" aria-hidden="true" class="fail">
          <path d="M2.5 2.5 9.5 9.5M9.5 2.5 2.5 9.5" class="stroke" />
        </svg>
        fail: did not happen
      </li>
      <li>
        <svg width="12" height="12" aria-hidden="true" class="info">
          <path d="M6 1.5 11 10.5H1z" class="stroke" />
        </svg>
        info: may have happened
      </li>
    </ul>
  );
}
