export const LobbyPage = { template: "<div>lobby</div>" };
