using AuctionActors.Auctions.Market.Participants;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Simulation.Running;

/// <summary>What the workload wants done.</summary>
public abstract record WorkloadEffect;

/// <summary>Tells a peer what to do.</summary>
public sealed record Instruct(string Peer, ParticipantProtocol.ICommand Command) : WorkloadEffect;

/// <summary>An auction of the scenario has its real id now.</summary>
public sealed record AuctionNamed(string Name, Bytes32 Id, string Seller) : WorkloadEffect;
