using System.Security.Cryptography;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Runtime;

/// <summary>Randomness of the operating system: the only source a real node accepts.</summary>
public sealed class SystemEntropy : IEntropy
{
    public static SystemEntropy Instance { get; } = new();

    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
