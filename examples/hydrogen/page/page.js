// Hosts the whole interface of Hydrogen; config.json tells where the homeserver is.
import { FeatureSet, Platform, RootView, RootViewModel, createNavigation, createRouter } from 'hydrogen-view-sdk';

const platform = new Platform({
  container: document.body,
  assetPaths: {
    downloadSandbox: 'download-sandbox.html',
    worker: 'main.js',
    olm: { wasm: 'olm.wasm', wasmBundle: 'olm.js', legacyBundle: 'olm_legacy.js' },
    serviceWorker: 'sw.js',
  },
  configURL: 'config.json',
  options: { development: true }, // its console tells what it does
});
const navigation = createNavigation();
platform.setNavigation(navigation);
await platform.init();
const urlRouter = createRouter({ navigation, history: platform.history });
urlRouter.attach();
const features = await FeatureSet.load(platform.settingsStorage);
const root = new RootViewModel({ platform, navigation, urlRouter, features });
await root.load();
document.body.append(new RootView(root).mount());
