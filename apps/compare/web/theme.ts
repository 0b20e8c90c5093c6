import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

const QUERY = '(prefers-color-scheme: dark)';

/** Light or dark: as the system has it, until it is chosen here. */
export function useTheme(): { readonly isDark: boolean; readonly flip: () => void } {
  const [system, setSystem] = useState(() => matchMedia(QUERY).matches);
  const [chosen, setChosen] = useState<boolean | null>(null);
  useEffect(() => {
    const list = matchMedia(QUERY);
    const listener = (): void => setSystem(list.matches);
    list.addEventListener('change', listener);
    return () => list.removeEventListener('change', listener);
  }, []);
  const isDark = chosen ?? system;
  // Before the charts read the colours.
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  }, [isDark]);
  return { isDark, flip: () => setChosen(!isDark) };
}
