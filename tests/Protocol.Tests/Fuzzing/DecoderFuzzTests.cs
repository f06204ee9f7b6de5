using System.Reflection;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.HyperDht.Messages;
using Xunit.Abstractions;

namespace AuctionActors.Protocol.Tests.Fuzzing;

/// <summary>Decoders meet damaged messages: none may throw, and none may take memory that the bytes do not justify.</summary>
public sealed class DecoderFuzzTests(ITestOutputHelper output)
{
    private const long FixedAllowance = 32 * 1024;
    private const long AllowancePerByte = 128;

    // They look into bytes that a decoder has read before.
    private static readonly string[] NoDecoders = ["WritePath.TryFind", "MerkleTree.TryLoad"];

    public static TheoryData<string> Methods => [.. DecoderTargets.All.Select(target => target.Method)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Damaged_messages_are_refused_or_read_within_bounds(string method)
    {
        DecoderTarget target = DecoderTargets.All.Single(candidate => candidate.Method == method);
        byte[][] corpus = target.Corpus();
        Assert.NotEmpty(corpus);
        int count = LongForm.Choose(2_000, 1_000_000);
        int seed = LongForm.Choose(1, Environment.TickCount);
        Mutator mutator = new(seed, corpus);
        int accepted = 0;
        for (int i = 0; i < count; i++)
            accepted += Feed(target, mutator.Next(), seed) ? 1 : 0;
        output.WriteLine($"fuzzed: {method}: {count} inputs from {corpus.Length} messages, {accepted} read, seed {seed}");
        Assert.NotEqual(count, accepted);
    }

    [Fact]
    public void Every_decoder_is_fuzzed()
    {
        Assembly[] assemblies =
        [
            typeof(MutableValue).Assembly, typeof(MessageCodec).Assembly, typeof(BeeBlock).Assembly,
            .. new[] { typeof(MutableValue), typeof(MessageCodec), typeof(BeeBlock) }
                .SelectMany(type => type.Assembly.GetReferencedAssemblies())
                .Where(name => name.Name!.StartsWith("Hyper.Protocol.", StringComparison.Ordinal))
                .Select(Assembly.Load),
        ];
        IEnumerable<string> decoders = assemblies.Distinct().Where(assembly => assembly != typeof(SecretBox).Assembly)
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(method => !method.IsPrivate && method.ReturnType == typeof(bool) && TakesBytes(method))
            .Where(method => method.Name.StartsWith("Try", StringComparison.Ordinal))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}");
        Assert.Empty(decoders.Except(DecoderTargets.All.Select(target => target.Method)).Except(NoDecoders));
    }

    private static bool TakesBytes(MethodInfo method)
        => method.GetParameters().Any(parameter => !parameter.IsOut
            && (parameter.ParameterType == typeof(ReadOnlySpan<byte>) || parameter.ParameterType == typeof(ReadOnlyMemory<byte>)));

    private static bool Feed(DecoderTarget target, byte[] bytes, int seed)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool accepted = false;
        Exception? thrown = Record.Exception(() => accepted = target.Decode(bytes));
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(thrown is null, $"{target.Method} threw on {Convert.ToHexStringLower(bytes)} (seed {seed}): {thrown}");
        Assert.True(
            taken <= FixedAllowance + (AllowancePerByte * bytes.Length),
            $"{target.Method} took {taken} bytes for {bytes.Length}: {Convert.ToHexStringLower(bytes)} (seed {seed})");
        return accepted;
    }
}
