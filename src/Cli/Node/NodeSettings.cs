using System.Collections.Immutable;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Cli.Output;
using Hyper.Protocol.DhtRpc;

namespace AuctionActors.Cli.Node;

/// <summary>What the command line says about a node, checked.</summary>
internal sealed record NodeSettings(
    string Name, string Storage, string? Bootstrap, string? Host, int Port, string Network, bool Json, bool KeepsEvents)
{
    /// <summary>Keys of blind relays.</summary>
    public string? RelayThrough { get; init; }

    /// <summary>Folder of the node's event log.</summary>
    public string EventsPath => Path.Combine(Storage, "events");

    public ParticipantOptions ToOptions()
    {
        ImmutableArray<BootstrapNode> bootstrap = BootstrapNodes.Parse(Bootstrap);
        return new ParticipantOptions
        {
            Name = Name,
            Network = Network,
            Storage = Storage,
            Bind = SharedOptions.ToBind(Host, Port),
            Bootstrap = bootstrap,
            RelayThrough = RelayOption.Parse(RelayThrough),
            // On one machine nothing stands between the peers.
            IsFirewalled = !bootstrap.All(address => address.IsLoopback),
        };
    }
}
