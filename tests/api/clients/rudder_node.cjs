// Every call of @rudderstack/rudder-sdk-node, to the address and with the key in the arguments.
const RudderAnalytics = require('@rudderstack/rudder-sdk-node')

const [host, writeKey, gzip] = process.argv.slice(2)
const analytics = new RudderAnalytics(writeKey, { dataPlaneUrl: host, gzip: gzip === 'gzip', logLevel: 'error' })

const userId = 'u7'
analytics.identify({ userId, anonymousId: 'a1', traits: { email: 'ann@example.com', consent: { email: true } } })
analytics.track({ userId, event: 'Order Completed', properties: { order_id: '1', total: 12.5, currency: 'EUR' } })
analytics.track({ userId, event: 'Product Viewed', properties: { name: 'Tea', product_id: 'p1' } })
analytics.page({ userId, name: 'Home', properties: { url: 'https://shop.example/' } })
analytics.screen({ userId, name: 'Start' })
analytics.group({ userId, groupId: 'g1', traits: { name: 'Acme' } })
analytics.alias({ userId, previousId: 'a0' })
analytics.flush().then(
  () => process.exit(0),
  (error) => {
    console.error(String(error))
    process.exit(1)
  },
)
