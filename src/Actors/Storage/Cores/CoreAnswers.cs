using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Files;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Answers questions about a core that wait for nothing.</summary>
internal sealed class CoreAnswers(HypercoreMachine core)
{
    /// <summary>The answer; null for other messages.</summary>
    public CoreProtocol.IEvent? Answer(object message) => message switch
    {
        CoreProtocol.GetInfo info => new CoreProtocol.Info(info.Request, CoreInfo.Of(core)),
        CoreProtocol.GetUserData data => new CoreProtocol.UserData(data.Request, [.. core.UserData]),
        CoreProtocol.FindRoots find => new CoreProtocol.RootsFound(find.Request, find.Length, core.HasRoots(find.Length)),
        CoreProtocol.Audit audit => Audited(audit),
        _ => null,
    };

    public CoreProtocol.IEvent Block(CoreProtocol.GetBlock get)
    {
        try
        {
            bool stored = core.TryRead(get.Index, out ReadOnlyMemory<byte> block);
            return new CoreProtocol.Block(get.Request, get.Index, stored ? block : default(ReadOnlyMemory<byte>?));
        }
        catch (CoreStorageException damage)
        {
            return new CoreProtocol.Failed(get.Request, CoreProblem.Corrupt, damage.Message);
        }
    }

    private CoreProtocol.Audited Audited(CoreProtocol.Audit audit)
    {
        AuditStep step = CoreAudit.Step(core, audit.From);
        return new CoreProtocol.Audited(audit.Request, step.Fault, step.Next, core.Accepted.Length);
    }

    public CoreProtocol.Subscribed Subscribed(long request) => new(request, CoreInfo.Of(core), StoredBlocks.Of(core));
}
