using Google.Protobuf;
using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.ServiceDefaults.State;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>A profile in memory, with its fences and what its last events changed.</summary>
internal sealed class StoredProfile(string userId)
{
    private ReadOnlyMemory<byte> _header;

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

    public static StoredProfile Read(string userId, Stored<Profile> value)
    {
        var stored = new StoredProfile(userId);
        if (value.Message is { } profile)
        {
            stored._header = value.Header.ToArray();
            stored.Events = value.Fence(0);
            stored.Users = value.Fence(1);
            stored.Value = profile;
            stored.UndoLog.AddRange(stored.Value.UndoLog);
            stored.Value.UndoLog.Clear();
        }

        return stored;
    }

    /// <summary>Forgets the user; the fences stay, so that a second reading does not bring anything back.</summary>
    public void Erase()
    {
        Value = new Profile();
        UndoLog.Clear();
    }

    /// <summary>Output below <paramref name="committed"/> is safe: it will not have to be sent again.</summary>
    public void Trim(long committed)
    {
        while (UndoLog.Count > 0 && UndoLog[^1].Offset < committed)
        {
            UndoLog.RemoveAt(UndoLog.Count - 1);
        }
    }

    /// <summary>The write that stores what was changed. Done: a later one expects its header.</summary>
    public StateWrite TakeWrite()
    {
        Value.UndoLog.AddRange(UndoLog);
        var value = FencedValue.Encode([Events, Users], Value.ToByteArray());
        Value.UndoLog.Clear();
        var write = new StateWrite(Keys.Profile(userId), _header, value);
        _header = FencedValue.Header(value).ToArray();
        Changed = false;
        return write;
    }
}
