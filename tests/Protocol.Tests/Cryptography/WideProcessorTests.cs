using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Cryptography.Avx512;
using Xunit.Abstractions;

namespace AuctionActors.Protocol.Tests.Cryptography;

public sealed class WideProcessorTests(ITestOutputHelper output)
{
    [Fact]
    public void The_output_says_whether_the_code_for_wide_processors_was_tested()
    {
        Assert.Equal(FrameCipher.IsSupported, Blake2bEightLanes.IsSupported);
        Tell("AVX-512", FrameCipher.IsSupported, "the frame cipher and eight hashes of blocks at once");
        Tell("AVX2", Blake2bFourLanes.IsSupported, "four hashes of blocks at once");
    }

    private void Tell(string registers, bool isSupported, string what)
        => output.WriteLine(isSupported
            ? $"{registers}: yes; covered, byte for byte with libsodium: {what}"
            : $"{registers}: no, the processor lacks it; not covered on this machine: {what}");
}
