export const SettingsPage = { template: "<div>settings</div>" };
