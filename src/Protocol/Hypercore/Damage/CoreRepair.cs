using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>A look for damage that goes on step by step, so that the core serves others in between; see <see cref="HypercoreMachine.Continue"/>.</summary>
public sealed class CoreRepair
{
    private const int MaxDamage = 1024;

    private readonly DamageSurvey _survey;
    private readonly List<CoreDamage> _damage = [];
    private readonly List<long> _lostBlocks = [];
    private readonly List<WantedNode> _wanted = [];
    private long _mended;
    private long? _lostLength;

    internal CoreRepair(DamageSurvey survey) => _survey = survey;

    /// <summary>Whether everything has been looked at, or as much damage been found as one look reports.</summary>
    public bool IsDone => _survey.IsDone || _lostLength is not null || _damage.Count >= MaxDamage;

    /// <summary>What peers must be asked for, as far as it is known; what later steps find is added at the end.</summary>
    public IReadOnlyList<WantedNode> Wanted => _wanted;

    /// <summary>What has been found until now.</summary>
    public RepairReport Report => new([.. _damage], _mended, [.. _lostBlocks], [.. _wanted])
    {
        LostLength = _lostLength,
        IsPartial = _damage.Count >= MaxDamage && !_survey.IsDone,
    };

    /// <summary>At work on roots that are lost; null normally.</summary>
    internal RootMender? Mender { get; set; }

    /// <summary>Blocks up to here have been looked at.</summary>
    internal long Looked => IsDone ? long.MaxValue : _survey.Next;

    internal bool HasBegun { get; private set; }

    internal SurveyStep Step()
    {
        HasBegun = true;
        SurveyStep found = _survey.Step(MaxDamage - _damage.Count);
        _damage.AddRange(found.Damage);
        _lostBlocks.AddRange(found.LostBlocks);
        _wanted.AddRange(found.Wanted);
        _mended += found.Mended;
        return found;
    }

    /// <summary>The roots were damaged: so many of them were computed again, or a peer has brought them.</summary>
    internal void NoteRoots(CoreDamage damage, long mended)
    {
        _damage.Add(damage);
        _mended += mended;
    }

    /// <summary>The roots are lost: there is nothing to look at before a peer brings them.</summary>
    internal void NoteLost(CoreDamage damage, long length)
    {
        _damage.Add(damage);
        _lostLength = length;
    }
}
