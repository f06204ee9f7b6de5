'use strict'
// nat-network.js PORT BOOTSTRAP_HOST HOST...
// A bootstrap node and persistent hyperdht nodes, each at an address of its own, until the end of input. Prints {"event":"ready"}
// when all of them know each other.
const HyperDHT = require('hyperdht')

async function main () {
  const [port, bootstrap, ...hosts] = process.argv.slice(2)
  const known = [{ host: bootstrap, port: Number(port) }]
  await HyperDHT.bootstrapper(Number(port), bootstrap, { host: bootstrap }).ready()
  const nodes = []
  for (const host of hosts) {
    const node = new HyperDHT({ bootstrap: known, host, port: Number(port), ephemeral: false, firewalled: false, anyPort: false })
    await node.ready()
    nodes.push(node)
  }
  await Promise.all(nodes.map((node) => node.findNode(node.table.id).finished()))
  console.log(JSON.stringify({ event: 'ready', persistent: nodes.filter((node) => !node.ephemeral).length }))
  process.stdin.on('end', () => process.exit(0)).resume()
}

main()
