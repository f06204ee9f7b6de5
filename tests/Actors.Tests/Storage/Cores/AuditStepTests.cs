using Akka.Actor;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Actors.Tests.Storage.Cores;

public sealed class AuditStepTests() : CoreKit("audits")
{
    private const int Length = 5000;

    [Fact]
    public async Task A_core_serves_others_between_two_steps_of_an_audit()
    {
        CoreClient core = await OpenAsync();
        List<(AuditPosition Next, long Length)> steps = [];
        Task<ReadOnlyMemory<byte>?> read = Task.FromResult<ReadOnlyMemory<byte>?>(null);
        Task append = Task.CompletedTask, clear = append, cut = append;
        Assert.Null(await core.AuditAsync((next, length) =>
        {
            steps.Add((next, length));
            if (steps.Count == 1)
                (read, append, clear) = (core.GetAsync(7), core.AppendAsync(new byte[] { 1 }), core.ClearAsync(3000, 4000));
            else if (steps.Count == 3)
                cut = core.TruncateAsync(4500);
        }));
        await Task.WhenAll(read, append, clear, cut);
        Assert.Equal([7], (await read)!.Value.ToArray());
        Assert.Contains(steps, step => step.Length == Length + 1);
        Assert.Contains(steps, step => step.Length == 4500);
        Assert.Contains(steps, step => step.Next.Part == AuditPart.Parents);
        Assert.Null(await core.AuditAsync());
    }

    [Fact]
    public async Task Whoever_asks_while_an_audit_goes_on_is_answered_after_the_step()
    {
        CoreClient core = await OpenAsync();
        core.Core.Tell(new CoreProtocol.Audit(1), TestActor);
        core.Core.Tell(new CoreProtocol.GetInfo(2), TestActor);
        CoreProtocol.Audited first = ExpectMsg<CoreProtocol.Audited>();
        Assert.Equal((1, null, Length), (first.Request, first.Fault, first.Length));
        Assert.InRange(first.Next!.Value.Index, 1, Length / 2);
        Assert.Equal(2, ExpectMsg<CoreProtocol.Info>().Request);
    }

    private async Task<CoreClient> OpenAsync()
    {
        CoreClient core = Open();
        await core.AppendAsync(Blocks(Length));
        return core;
    }
}
