using System.Text.Json;
using CsCheck;
using Hyper.Protocol.Hyperbee.Hints;

namespace AuctionActors.Protocol.Tests.Hyperbee.Hints;

public sealed class BeeHintTests
{
    private static readonly JsonElement[] s_messages
        = [.. Vectors.Load("hyperbee.json").RootElement.GetProperty("extensionMessages").EnumerateArray()];

    public static TheoryData<string> Messages => [.. s_messages.Select(message => message.GetProperty("hex").GetString()!)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_of_JavaScript_is_read_and_written_with_its_bytes(string hex)
    {
        Assert.True(BeeHint.TryDecode(Convert.FromHexString(hex), out BeeHint hint));
        Assert.True(hint.Get is not null || hint.Scan is not null || hint.Blocks is not null);
        Assert.Equal(hex, Convert.ToHexStringLower(hint.Encode()));
    }

    [Fact]
    public void Bytes_of_any_kind_are_read_or_refused()
        => Gen.Byte.Array[0, 64].Sample(bytes => { _ = BeeHint.TryDecode(bytes, out _); });
}
