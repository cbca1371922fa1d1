using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>
/// A profile in memory, with its fences and what its last events changed. Of a user who was forgotten and has not come back nothing but a
/// mark is stored, which has the fences then.
/// </summary>
internal sealed class StoredProfile(string userId)
{
    private ReadOnlyMemory<byte> _header;
    private ForgottenMark? _mark;
    private bool _markDue;
    private Fence[] _returned = [];
    private bool _handedOver;

    public string UserId => userId;

    /// <summary>The profile; its undo log lies beside it.</summary>
    public Profile Value { get; private set; } = new();

    /// <summary>What the events whose output may not be committed changed, newest first; stored as the message's <c>undo_log</c>.</summary>
    public List<Undo> UndoLog { get; } = [];

    /// <summary>Fence on strata.events.v1.</summary>
    public Fence Events { get; set; }

    /// <summary>Fence on strata.users.v1.</summary>
    public Fence Users { get; set; }

    public bool Changed { get; set; }

    /// <summary>Up to when the user was forgotten; null: never, or longer ago than is remembered.</summary>
    public Forgotten? Forgotten => Value.Forgotten;

    /// <summary>The user was forgotten, and nothing is known of them since.</summary>
    public bool IsForgotten { get; private set; }

    /// <summary>Something stands in the store, or is about to.</summary>
    public bool IsKnown => !_header.IsEmpty || IsForgotten || Changed;

    /// <summary>All was handed over and has arrived: nothing is left but fences, which go by themselves.</summary>
    public bool IsLeft => _handedOver && UndoLog.Count == 0 && IsEmpty;

    private bool IsEmpty => new Profile { Forgotten = Forgotten }.Equals(Value);

    public static StoredProfile Read(string userId, Stored<Profile> value, ForgottenMark? mark)
    {
        var stored = new StoredProfile(userId) { _mark = mark };
        if (value.Message is { } profile)
        {
            stored._header = value.Header.ToArray();
            stored.Events = value.Fence(0);
            stored.Users = value.Fence(1);
            stored.Value = profile;
            stored.UndoLog.AddRange(stored.Value.UndoLog);
            stored.Value.UndoLog.Clear();
            stored._handedOver = stored.UndoLog.Exists(undo => undo.HandOver is not null);
        }
        else if (mark?.When is { } when)
        {
            stored.Events = mark.Stored.Fence(0);
            stored.Users = mark.Stored.Fence(1);
            stored.Value.Forgotten = when;
            stored.IsForgotten = true;
        }

        return stored;
    }

    /// <summary>Empties the profile; the fences stay, so that a second reading does not bring anything back.</summary>
    public void Erase()
    {
        Value = new Profile { Forgotten = Forgotten };
        UndoLog.Clear();
    }

    /// <summary>Forgets the user: a mark takes the place of the profile.</summary>
    public void Forget(Forgotten when)
    {
        _mark = ForgottenMarks.Require(_mark);
        Value = new Profile { Forgotten = when };
        UndoLog.Clear();
        (IsForgotten, _markDue, Changed) = (true, true, true);
    }

    /// <summary>
    /// Gives the profile away; null: there is nothing in it. The fences stay, as long as a record of before may be read again.
    /// </summary>
    public Profile? HandOver()
    {
        var held = Value;
        if (IsEmpty)
        {
            _handedOver |= !IsForgotten;
            return null;
        }

        (Value, _handedOver) = (new Profile { Forgotten = Forgotten }, true);
        return held;
    }

    /// <summary>
    /// The user does something again, or somebody says something of them. The mark stays as it is from here on: should the profile be lost,
    /// it is made of what came since.
    /// </summary>
    public void Return()
    {
        if (IsForgotten)
        {
            (IsForgotten, _markDue, _returned) = (false, _markDue || Changed, [Events, Users]);
        }
    }

    /// <summary>Output below <paramref name="committed"/> is safe: it will not have to be sent again.</summary>
    public void Trim(long committed)
    {
        while (UndoLog.Count > 0 && UndoLog[^1].Offset < committed)
        {
            UndoLog.RemoveAt(UndoLog.Count - 1);
        }
    }

    /// <summary>The same of what was handed over, and nothing else of it is to be kept then.</summary>
    public void LetGo(long committed)
    {
        Changed |= UndoLog.Exists(undo => undo.HandOver is not null && undo.Offset < committed);
        Trim(committed);
        _handedOver = true;
    }

    /// <summary>The writes that store what was changed. Done: later ones expect their headers.</summary>
    public IEnumerable<StateWrite> TakeWrites(TimeSpan markLifetime)
    {
        Changed = false;
        var writes = new List<StateWrite>(2);
        if (IsForgotten || _markDue)
        {
            // First: what is cut off behind it is forgotten again when it is read again.
            var mark = _mark!.Write(Value.Forgotten, markLifetime, IsForgotten ? [Events, Users] : _returned);
            _mark = _mark with { Stored = new Stored<Forgotten>(mark.Value, Value.Forgotten) };
            _markDue = false;
            writes.Add(mark);
        }

        if (!IsForgotten)
        {
            writes.Add(TakeWrite(_handedOver && IsEmpty ? markLifetime : null));
        }
        else if (!_header.IsEmpty)
        {
            writes.Add(new StateWrite(Keys.Profile(userId), _header, null));
            _header = default;
        }

        return writes;
    }

    private StateWrite TakeWrite(TimeSpan? lifetime)
    {
        Value.UndoLog.AddRange(UndoLog);
        var value = FencedValue.Encode([Events, Users], Value);
        Value.UndoLog.Clear();
        var write = new StateWrite(Keys.Profile(userId), _header, value, lifetime);
        _header = FencedValue.Header(value).ToArray();
        return write;
    }
}
