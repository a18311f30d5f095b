/** Fill patterns, so that roles and outcomes differ in more than colour. Referred to as `url(#…)` by all figures. */
export function Patterns() {
  return (
    <svg width="0" height="0" aria-hidden="true" class="patterns">
      <defs>
        <pattern id="role-candidate" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" class="candidate-ground" />
          <rect width="3" height="6" class="candidate-stripe" />
        </pattern>
        <pattern id="role-pre-candidate" width="5" height="5" patternUnits="userSpaceOnUse">
          <rect width="5" height="5" class="pre-candidate-ground" />
          <circle cx="2.5" cy="2.5" r="1.2" class="candidate-stripe" />
        </pattern>
        <pattern
          id="role-unreachable"
          width="5"
          height="5"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(-45)"
        >
          <rect width="1.4" height="5" class="unreachable-stripe" />
        </pattern>
        <pattern id="role-down" width="6" height="6" patternUnits="userSpaceOnUse">
          <path d="M0 0 6 6M6 0 0 6" class="down-cross" />
        </pattern>
        <pattern id="no-effect" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="1" height="7" class="no-effect-stripe" />
        </pattern>
        <linearGradient id="fade-info">
          <stop offset="0" class="fade-from" />
          <stop offset="1" class="fade-to" />
        </linearGradient>
        <marker id="arrow-forced" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0 8 4 0 8z" class="arrowhead forced" />
        </marker>
        <marker
          id="arrow-impossible"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto"
        >
          <path d="M0 0 8 4 0 8z" class="arrowhead impossible" />
        </marker>
      </defs>
    </svg>
  );
}
