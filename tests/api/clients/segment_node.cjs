// Every call of @segment/analytics-node, to the address and with the key in the arguments.
const { Analytics } = require('@segment/analytics-node')

const [host, writeKey] = process.argv.slice(2)
const analytics = new Analytics({ writeKey, host, flushAt: 50 })
analytics.on('error', (error) => {
  console.error(String(error.code), String(error.reason))
  process.exitCode = 1
})

const userId = 'u7'
analytics.identify({ userId, anonymousId: 'a1', traits: { email: 'ann@example.com', consent: { email: true } } })
analytics.track({ userId, event: 'Order Completed', properties: { order_id: '1', total: 12.5, currency: 'EUR' } })
analytics.track({ userId, event: 'Product Viewed', properties: { name: 'Tea', product_id: 'p1' } })
analytics.page({ userId, name: 'Home', properties: { url: 'https://shop.example/' } })
analytics.screen({ userId, name: 'Start' })
analytics.group({ userId, groupId: 'g1', traits: { name: 'Acme' } })
analytics.alias({ userId, previousId: 'a0' })
analytics.closeAndFlush({ timeout: 20000 })
