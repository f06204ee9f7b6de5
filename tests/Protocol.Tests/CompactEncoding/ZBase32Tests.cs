using CsCheck;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Protocol.Tests.CompactEncoding;

public sealed class ZBase32Tests
{
    private static readonly Bytes32 s_key = new([.. Enumerable.Repeat((byte)'a', 32)]);

    [Fact]
    public void A_key_is_written_as_upstream_writes_it()
    {
        Assert.Equal("cfosnambcfosnambcfosnambcfosnambcfosnambcfosnambcfoo", ZBase32.Encode(s_key));
        Assert.Equal(s_key, new CoreKey(s_key).ToId() is var id && ZBase32.TryDecode(id, out Bytes32 read) ? read : default);
    }

    [Fact]
    public void A_key_is_read_in_each_of_its_forms_and_in_no_other()
    {
        CoreKey key = new(s_key);
        foreach (string text in (string[])[key.ToHex(), key.ToHex().ToUpperInvariant(), key.ToId(), $"pear://{key.ToId()}/a/b", $"pear://{key.ToHex()}"])
        {
            Assert.True(CoreKey.TryParse(text, out CoreKey read), text);
            Assert.Equal(key, read);
        }

        string id = key.ToId();
        foreach (string? text in (string?[])[null, "", "a", key.ToHex()[1..], id[1..], id + "y", id[1..] + "l", "pear://", "hyper://" + id])
            Assert.False(CoreKey.TryParse(text, out _), text);
    }

    [Fact]
    public void Every_key_comes_back_and_any_text_is_read_or_refused()
    {
        Gen.Byte.Array[32].Sample(bytes => ZBase32.TryDecode(ZBase32.Encode(new Bytes32(bytes)), out Bytes32 read) && read == new Bytes32(bytes));
        Gen.String[0, 60].Sample(text => CoreKey.TryParse(text, out _) | true);
    }
}
