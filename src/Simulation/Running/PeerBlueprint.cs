using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Simulation.Running;

/// <summary>How the actors of a run are made; the same on both backends.</summary>
/// <param name="Participant">A peer that trades and speaks the participant's protocol.</param>
/// <param name="Bootstrap">The node that the others join through; it tells its parent when it is ready.</param>
public sealed record PeerBlueprint(Func<PeerStart, Props> Participant, Func<PeerStart, Props> Bootstrap);

/// <summary>What a peer is started with.</summary>
/// <param name="Runtime">Its seams; its name is in there.</param>
/// <param name="Bind">Where its UDP port is bound.</param>
/// <param name="Bootstrap">Nodes to join through.</param>
/// <param name="Storage">Folder of its own in its file store.</param>
/// <param name="Network">Names the simulated market, so that runs never mix.</param>
public sealed record PeerStart(
    PeerRuntime Runtime, PeerAddress Bind, ImmutableArray<PeerAddress> Bootstrap, string Storage, string Network);
