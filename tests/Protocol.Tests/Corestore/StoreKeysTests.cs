using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Corestore;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Protocol.Tests.Corestore;

/// <summary>Keys as corestore 7.12.5 derives them from a primary key of 32 bytes 03.</summary>
public sealed class StoreKeysTests
{
    private static readonly StoreKeys s_keys = new(new Bytes32([.. Enumerable.Repeat((byte)3, 32)]));
    private static readonly StoreNamespace s_part = StoreNamespace.Default.Sub("app").Sub("part");

    [Fact]
    public void A_named_core_has_the_key_of_JavaScript()
    {
        Assert.Equal(
            "36a84e8384269c5f8a8a985912f5917ac8831d3538f48b00e8f89facec09eaec",
            s_keys.DeriveKeyPair(StoreNamespace.Default, "first").PublicKey.Value.ToHex());
        Assert.Equal(
            "8c3ea16a6a2f23013675241beaf166abb43be3f884386873a941a1683fbfe2a6",
            s_keys.IdentityOf(StoreNamespace.Default, "first").Key.ToHex());
    }

    [Fact]
    public void A_namespace_separates_equal_names()
    {
        CoreIdentity identity = s_keys.IdentityOf(s_part, "first");
        Assert.Equal("6ad144815e403c465d94422a665492c5245e62bb4f70f759846bc52396e6d592", s_part.Value.ToHex());
        Assert.Equal("9f25acbb327d2915adf033a236fd5ec3170c21af4b67ff872569cf0725f51384", identity.Key.ToHex());
        Assert.Equal(
            "cores/ef/27/ef27f0b0dab0d4089d10f5ff8a29ce1a7cfb9544b423f868ace189b103237fdb",
            StoreLayout.FolderOf(identity.Key.ToDiscoveryKey()));
    }
}
