import { Component, type ComponentChildren, type JSX } from 'preact';
import { t } from '../i18n/translate.ts';

interface FailsafeProps {
  children: ComponentChildren;
}

/** What can't be drawn leaves the rest of the page as it is. */
export class Failsafe extends Component<FailsafeProps, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ hasFailed: true });
  }

  override render({ children }: FailsafeProps): JSX.Element {
    if (!this.state.hasFailed) return <>{children}</>;
    return (
      <main class="welcome" aria-label={t('error.internal')}>
        <p>{t('error.internal')}</p>
        <button type="button" class="button" onClick={() => this.setState({ hasFailed: false })}>
          {t('action.retry')}
        </button>
      </main>
    );
  }
}
