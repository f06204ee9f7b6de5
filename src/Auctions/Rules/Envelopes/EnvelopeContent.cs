using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Rules.Envelopes;

/// <summary>The signed part of an envelope.</summary>
/// <param name="Network">Hash of the network's name.</param>
/// <param name="Auction">Zero in an opening and in a profile.</param>
/// <param name="Sequence">Place in the author's chain for this auction.</param>
/// <param name="Previous">Hash of the author's envelope before this one, zero for the first.</param>
/// <param name="At">The author's clock, UTC milliseconds, never decreasing along a chain.</param>
public sealed record EnvelopeContent(Bytes32 Network, Bytes32 Auction, ulong Sequence, Bytes32 Previous, long At, Message Message);
