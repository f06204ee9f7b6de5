using System.CommandLine;
using AuctionActors.Cli.Bee;
using AuctionActors.Cli.Bootstrap;
using AuctionActors.Cli.Core;
using AuctionActors.Cli.Dht;
using AuctionActors.Cli.Log;
using AuctionActors.Cli.Node;
using AuctionActors.Cli.Rpc;
using AuctionActors.Cli.Sim;

namespace AuctionActors.Cli;

/// <summary>The verbs of the <c>auction</c> command, in the order of its help.</summary>
internal static class Verbs
{
    public static IEnumerable<Command> All()
    {
        yield return SimVerbs.Create();
        yield return NodeVerb.Create();
        yield return BootstrapVerb.Create();
        yield return AuditVerb.Create();
        yield return LogVerb.Create();
        yield return DhtVerb.Create();
        yield return RpcVerb.Create();
        yield return CoreVerb.Create();
        yield return BeeVerb.Create();
    }
}
