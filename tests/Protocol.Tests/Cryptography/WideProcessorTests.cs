using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Cryptography.Avx512;
using Xunit.Abstractions;

namespace AuctionActors.Protocol.Tests.Cryptography;

public sealed class WideProcessorTests(ITestOutputHelper output)
{
    private const string Covered = "the frame cipher and the hash of several blocks in our own code, byte for byte with libsodium";

    [Fact]
    public void The_output_says_whether_the_code_for_wide_processors_was_tested()
    {
        Assert.Equal(FrameCipher.IsSupported, Blake2bLanes.IsSupported);
        output.WriteLine(FrameCipher.IsSupported
            ? $"AVX-512: yes; covered: {Covered}"
            : $"AVX-512: no (the processor lacks it, libsodium does all the work); not covered on this machine: {Covered}");
    }
}
