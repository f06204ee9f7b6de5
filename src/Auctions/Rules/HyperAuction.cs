using System.Text;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Rules;

/// <summary>The names that every implementation of hyperauction/1 must derive alike.</summary>
public static class HyperAuction
{
    public const string DefaultNetwork = "main";

    public const uint Version = 1;

    public static Bytes32 Network(string name) => Derive("network", Encoding.UTF8.GetBytes(name));

    /// <summary>Where all participants of a network announce themselves.</summary>
    public static Bytes32 CatalogueTopic(Bytes32 network) => Derive("catalogue", network.Span);

    public static Bytes32 AuctionTopic(Bytes32 auction) => Derive("auction", auction.Span);

    /// <summary>Seed of the public core's key pair.</summary>
    public static Bytes32 CoreSeed(Bytes32 rpcSeed) => Blake2b.Keyed256(rpcSeed.Span, Label("core"));

    /// <summary>Seed of the derived bee's key pair.</summary>
    public static Bytes32 BeeSeed(Bytes32 rpcSeed) => Blake2b.Keyed256(rpcSeed.Span, Label("bee"));

    internal static byte[] Label(string purpose) => Encoding.ASCII.GetBytes($"hyperauction/1/{purpose}");

    private static Bytes32 Derive(string purpose, ReadOnlySpan<byte> input) => Blake2b.Hash256(Label(purpose), input);
}
