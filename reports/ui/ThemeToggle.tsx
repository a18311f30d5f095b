import { useStore } from "./store.ts";
import { chooseTheme, theme } from "./theme.ts";

export function ThemeToggle() {
  const current = useStore(theme);
  const other = current === "dark" ? "light" : "dark";
  return (
    <button type="button" class="quiet theme-toggle" onClick={() => chooseTheme(other)}>
      {other === "dark" ? "Dark" : "Light"} page
    </button>
  );
}
