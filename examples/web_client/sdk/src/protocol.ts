// Made by sdk/generate.js from daemon/wire/openrpc.json; changes belong there.

/** What a newer server or another client may add is kept and skipped. */
export type JsonObject = { [name: string]: unknown };

export type Empty = { [name: string]: never };

export interface Contact {
  /** The other account. */
  user: string;
  /** requested: we asked; received: they asked; accepted: both agree; none: no contact. */
  state: 'none' | 'requested' | 'received' | 'accepted';
  /** Their name as they show it. */
  display_name: string;
  /** Whether we blocked them. */
  blocked: boolean;
  /** When the state last changed. */
  since: number;
}

export interface Content {
  /** What is said, for people. Not empty. */
  text?: string;
  /**
   * What is said, for those who hold the key. Not empty. A content has a text, a ciphertext or
   * both.
   */
  ciphertext?: string;
  /** The number of the record that this answers. */
  reply_to?: number;
  /** Who is spoken to. */
  mentions?: string[];
}

export interface Device {
  /** The device's id. */
  device: string;
  /** What the person called it. */
  name: string;
  /** When it logged in. */
  created: number;
  /** When it was last connected. */
  last_seen: number;
  /** Whether it is connected now. */
  online: boolean;
  /** Whether it is the one that asks. */
  this: boolean;
}

export interface Member {
  /** Who. */
  user: string;
  /** joined or invited; banned is shown to admins. */
  membership: 'none' | 'invited' | 'joined' | 'left' | 'banned';
  /** What they may do. */
  role: 'member' | 'admin' | 'owner';
  /** They have read up to here. */
  read_seq: number;
}

export interface Pending {
  /** Names it for message.cancel; later ones are larger. */
  number: number;
  /** Where it is to be. */
  room: string;
  /** As of the record that it is to become. */
  kind: string;
  /** The device that said it; zeros for a change of the room. */
  device: string;
  /** What that device calls it. */
  client_msg_id?: string;
  /** The message that an edit, redaction or reaction is about. */
  target?: number;
  /** As of the record that it is to become. */
  content: unknown;
  /** When it was said. */
  since: number;
  /** It will be no record: the hub's error code, or timeout if it did not get there for a week. */
  refused?: string;
  /** Why, in the words of the hub. */
  reason?: string;
}

export interface Presence {
  /** Who. */
  user: string;
  /** Of all their devices together; unknown: their server, another one, has not told. */
  state: 'offline' | 'away' | 'online' | 'unknown';
  /** When they were last there, if offline and known. */
  last_seen?: number;
}

export interface Profile {
  /** The account's id. */
  user: string;
  /** The name that others see. */
  display_name: string;
  /** A line about themselves; may be empty. */
  status_text: string;
}

export interface LogRecord {
  /** Its number in the room: 1, 2, 3 without a gap. */
  seq: number;
  /** create, member, meta, message, edit, redact, reaction; skip what you do not know. */
  kind: string;
  /** Who; left out: the server itself. */
  sender?: string;
  /** The sender's device; left out: the server itself. */
  device?: string;
  /** What the device called it. */
  client_msg_id?: string;
  /** The server's clock when it was numbered, ms since 1970 UTC. */
  time: number;
  /** The record that an edit, redaction or reaction is about. */
  target?: number;
  /** What the sender sent, byte for byte, or what the kind defines. */
  content?: JsonObject;
  /** true in place of a content that was erased. */
  erased?: boolean;
}

export interface RoomCursor {
  /** The room. */
  room: string;
  /** The device holds all records up to here, or as far as it cares. */
  seq: number;
}

export interface RoomDelta {
  /** How the room stands now. */
  summary: RoomSummary;
  /** The newest records, without a gap among them; older ones by history.get. */
  records: LogRecord[];
  /** The first of them; larger than the cursor + 1 means that a range is left to read. */
  from_seq: number;
}

export interface RoomSummary {
  /** The room's id. */
  room: string;
  /** direct or group. */
  type: 'direct' | 'group';
  /** joined or invited. */
  membership: 'none' | 'invited' | 'joined' | 'left' | 'banned';
  /** Empty for 1:1 and for an invitation not yet accepted. */
  name: string;
  /** The other one of a 1:1 room. */
  peer?: string;
  /** Who invited, while it is an invitation. */
  invited_by?: string;
  /** The newest record's number. */
  head_seq: number;
  /** This account has read up to here. */
  read_seq: number;
  /** Messages after that. */
  unread: number;
  /** When the newest record came. */
  last_active: number;
  /** The newest message record. */
  last_message?: LogRecord;
  /**
   * The server that orders its records, where it is another one: what is said here is pending until
   * that has answered.
   */
  hub?: string;
  /** Since when that server can't be reached. */
  unreachable_since?: number;
}

/** What each method takes and gives. */
export interface Methods {
  /** Creates an account and logs its first device in. */
  'account.sign_up': {
    params: {
      /** The local part of the new id: a-z, 0-9, dot, underscore, hyphen. */
      name: string;
      /** The new password. */
      password: string;
      /** What the person calls this device. */
      device_name: string;
      /** An invite token, where sign-up is by invite. */
      invite?: string;
      /** The name that others see. */
      display_name?: string;
    };
    result: {
      /** The account's full id. */
      user: string;
      /** The id of the device that this login made. */
      device: string;
      /** The secret for session.resume and for Authorization: Bearer. */
      token: string;
    };
  };
  /**
   * Logs a new device in by password. Over WebSocket the connection is that device's from then on.
   */
  'account.login': {
    params: {
      /** The account: local part or full id. */
      user: string;
      /** The password. */
      password: string;
      /** What the person calls this device. */
      device_name: string;
    };
    result: {
      /** The account's full id. */
      user: string;
      /** The id of the device that this login made. */
      device: string;
      /** The secret for session.resume and for Authorization: Bearer. */
      token: string;
    };
  };
  /** Makes this connection a device's again, by its token. */
  'session.resume': {
    params: {
      /** The token that a login gave. */
      token: string;
    };
    result: {
      /** The account's full id. */
      user: string;
      /** The device that the token belongs to. */
      device: string;
    };
  };
  /** Ends this device: its token stops working at once. */
  'session.logout': {
    params: Empty;
    result: Empty;
  };
  /**
   * The heartbeat: shows both sides that the line is alive. No sign of activity: see presence.set.
   */
  'session.ping': {
    params: Empty;
    result: {
      /** The server's clock, milliseconds since 1970 UTC. */
      time: number;
    };
  };
  /**
   * Sets a new password and logs all other devices out. `forbidden`: the old one is wrong; the
   * session goes on.
   */
  'account.change_password': {
    params: {
      /** The present password. */
      old_password: string;
      /** The new one. */
      new_password: string;
    };
    result: Empty;
  };
  /** The devices logged in to this account. */
  'device.list': {
    params: Empty;
    result: {
      /** The account's devices, newest first. */
      devices: Device[];
    };
  };
  /** Logs a device of this account out, at once. */
  'device.revoke': {
    params: {
      /** The device. */
      device: string;
    };
    result: Empty;
  };
  /** Someone's profile. */
  'profile.get': {
    params: {
      /** Whose. */
      user: string;
    };
    result: {
      /** The account's id. */
      user: string;
      /** The name that others see. */
      display_name: string;
      /** A line about themselves; may be empty. */
      status_text: string;
    };
  };
  /** Changes this account's own profile. */
  'profile.set': {
    params: {
      /** The name that others see. */
      display_name?: string;
      /** A line about themselves. */
      status_text?: string;
    };
    result: {
      /** The account's id. */
      user: string;
      /** The name that others see. */
      display_name: string;
      /** A line about themselves; may be empty. */
      status_text: string;
    };
  };
  /** Accounts of this server whose local part begins so. */
  'user.search': {
    params: {
      /** At least two characters of a local part. */
      prefix: string;
      /** At most so many; 20 unless told. */
      limit?: number;
    };
    result: {
      /** Who was found, in the order of their ids. */
      users: Profile[];
    };
  };
  /** This account's contacts and requests. */
  'contact.list': {
    params: Empty;
    result: {
      /** Contacts, requests both ways, and blocked accounts. */
      contacts: Contact[];
    };
  };
  /**
   * Asks someone to become a contact; accepts where they asked first. Who is blocked by them is not
   * told.
   */
  'contact.request': {
    params: {
      /** Whom. */
      user: string;
    };
    result: {
      /** The other account. */
      user: string;
      /** requested: we asked; received: they asked; accepted: both agree; none: no contact. */
      state: 'none' | 'requested' | 'received' | 'accepted';
      /** Their name as they show it. */
      display_name: string;
      /** Whether we blocked them. */
      blocked: boolean;
      /** When the state last changed. */
      since: number;
    };
  };
  /** Accepts a request: both see each other. */
  'contact.accept': {
    params: {
      /** Whose request. */
      user: string;
    };
    result: {
      /** The other account. */
      user: string;
      /** requested: we asked; received: they asked; accepted: both agree; none: no contact. */
      state: 'none' | 'requested' | 'received' | 'accepted';
      /** Their name as they show it. */
      display_name: string;
      /** Whether we blocked them. */
      blocked: boolean;
      /** When the state last changed. */
      since: number;
    };
  };
  /** Ends a contact, takes a request back or declines one. */
  'contact.remove': {
    params: {
      /** Whom. */
      user: string;
    };
    result: Empty;
  };
  /**
   * Blocks someone, or takes that back: no 1:1 messages, invites, requests or presence from them,
   * and no presence to them. They are not told, but what they post to the 1:1 room is refused
   * (`forbidden`), in the same words as when the account were disabled.
   */
  'contact.block': {
    params: {
      /** Whom. */
      user: string;
      /** true to block, false to take it back. */
      blocked: boolean;
    };
    result: {
      /** The other account. */
      user: string;
      /** requested: we asked; received: they asked; accepted: both agree; none: no contact. */
      state: 'none' | 'requested' | 'received' | 'accepted';
      /** Their name as they show it. */
      display_name: string;
      /** Whether we blocked them. */
      blocked: boolean;
      /** When the state last changed. */
      since: number;
    };
  };
  /** Founds a group; the one who does is its owner. */
  'room.create': {
    params: {
      /** What the room is called. */
      name: string;
      /** What it is about. */
      topic?: string;
      /** Whom to invite at once. */
      invite?: string[];
      /** invite (the default): by invitation; open: whoever has the id. */
      join?: 'invite' | 'open';
      /** Whether members of this room see each other's presence. */
      presence?: boolean;
    };
    result: {
      /** The room's id. */
      room: string;
    };
  };
  /**
   * The 1:1 room with someone; the same one each time, whoever asks first. The other side sees it
   * with the first message.
   */
  'room.open_direct': {
    params: {
      /** With whom. */
      user: string;
    };
    result: {
      /** The room's id. */
      room: string;
    };
  };
  /** Invites someone to a group. */
  'room.invite': {
    params: {
      /** The room. */
      room: string;
      /** Whom. */
      user: string;
    };
    result: Empty;
  };
  /** Accepts an invitation, or enters an open room. */
  'room.join': {
    params: {
      /** The room. */
      room: string;
      /** The server of an open room to which nobody invited. */
      hub?: string;
    };
    result: Empty;
  };
  /** Leaves a room, or declines an invitation. */
  'room.leave': {
    params: {
      /** The room. */
      room: string;
    };
    result: Empty;
  };
  /** Takes someone out of a group, or an invitation back. */
  'room.kick': {
    params: {
      /** The room. */
      room: string;
      /** Whom. */
      user: string;
      /** Why, for the log. */
      reason?: string;
    };
    result: Empty;
  };
  /** Takes someone out for good, or lets them be invited again. */
  'room.ban': {
    params: {
      /** The room. */
      room: string;
      /** Whom. */
      user: string;
      /** false to lift the ban. */
      banned: boolean;
      /** Why, for the log. */
      reason?: string;
    };
    result: Empty;
  };
  /** Takes all people of another server out of a group for good, or lets them be invited again. */
  'room.ban_server': {
    params: {
      /** The room. */
      room: string;
      /** Which server; neither the room's nor one's own. */
      server: string;
      /** false to lift the ban. */
      banned: boolean;
      /** Why, for the log. */
      reason?: string;
    };
    result: Empty;
  };
  /** Makes a member owner, admin or plain member. */
  'room.set_role': {
    params: {
      /** The room. */
      room: string;
      /** Whom. */
      user: string;
      /** The new role; never above one's own. */
      role: 'member' | 'admin' | 'owner';
    };
    result: Empty;
  };
  /** Changes a group's name, topic or rules. */
  'room.set': {
    params: {
      /** The room. */
      room: string;
      /** The new name. */
      name?: string;
      /** The new topic. */
      topic?: string;
      /** Who may enter. */
      join?: 'invite' | 'open';
      /** Whether members see each other's presence. */
      presence?: boolean;
    };
    result: Empty;
  };
  /** A room with its members and how far they read. */
  'room.get': {
    params: {
      /** The room. */
      room: string;
    };
    result: {
      /** The room's id. */
      room: string;
      /** direct: 1:1, group: the rest. */
      type: 'direct' | 'group';
      /** Empty for 1:1. */
      name: string;
      /** What it is about. */
      topic: string;
      /** Who may enter. */
      join: 'invite' | 'open';
      /** Whether members see each other's presence. */
      presence: boolean;
      /** When it was founded. */
      created: number;
      /** The newest record's number. */
      head_seq: number;
      /** Who is in it or invited. */
      members: Member[];
      /**
       * The server that orders its records, where it is another one: what is said here is pending
       * until that has answered.
       */
      hub?: string;
      /** Since when that server can't be reached. */
      unreachable_since?: number;
      /** Whose people are kept out, if any; shown to admins. */
      banned_servers?: string[];
    };
  };
  /** This account's rooms and invitations, latest activity first. */
  'room.list': {
    params: {
      /** `next` of the page before. */
      after?: string;
      /** At most so many; 50 unless told. */
      limit?: number;
    };
    result: {
      /** Latest activity first. */
      rooms: RoomSummary[];
      /** Pass it as `after` for the next page; left out on the last. */
      next?: string;
    };
  };
  /** Posts a message. Answered when it is on disk. */
  'message.send': {
    params: {
      /** Where. */
      room: string;
      /**
       * A UUIDv7 that grows per device. Sending it again, also after years, posts nothing new and
       * answers as the first time.
       */
      client_msg_id: string;
      /** What; kept as the exact bytes sent. */
      content: Content;
    };
    result: {
      /** The record's number: it is on disk. A resend gets the same one. 0 while it is pending. */
      seq: number;
      /** The server's clock when it was numbered, or was taken as pending. */
      time: number;
      /**
       * The room's hub is another server, which has not answered yet: its number in the list of
       * what is pending.
       */
      pending?: number;
    };
  };
  /** Replaces the content of one's own message; the old one stays in the log. */
  'message.edit': {
    params: {
      /** Where. */
      room: string;
      /** As for message.send. */
      client_msg_id: string;
      /** The message to edit. */
      target: number;
      /** The new content. */
      content: Content;
    };
    result: {
      /** The record's number: it is on disk. A resend gets the same one. 0 while it is pending. */
      seq: number;
      /** The server's clock when it was numbered, or was taken as pending. */
      time: number;
      /**
       * The room's hub is another server, which has not answered yet: its number in the list of
       * what is pending.
       */
      pending?: number;
    };
  };
  /**
   * Erases a message's content, and that of its edits, from the disk; its number stays. Own
   * messages, or anyone's for the room's admins.
   */
  'message.redact': {
    params: {
      /** Where. */
      room: string;
      /** As for message.send. */
      client_msg_id: string;
      /** The message to erase. */
      target: number;
      /** Why, for the log. */
      reason?: string;
    };
    result: {
      /** The record's number: it is on disk. A resend gets the same one. 0 while it is pending. */
      seq: number;
      /** The server's clock when it was numbered, or was taken as pending. */
      time: number;
      /**
       * The room's hub is another server, which has not answered yet: its number in the list of
       * what is pending.
       */
      pending?: number;
    };
  };
  /** Sets a reaction, or takes it back. */
  'message.react': {
    params: {
      /** Where. */
      room: string;
      /** As for message.send. */
      client_msg_id: string;
      /** The message. */
      target: number;
      /** An emoji or a short word. */
      reaction: string;
      /** false to take it back. */
      set: boolean;
    };
    result: {
      /** The record's number: it is on disk. A resend gets the same one. 0 while it is pending. */
      seq: number;
      /** The server's clock when it was numbered, or was taken as pending. */
      time: number;
      /**
       * The room's hub is another server, which has not answered yet: its number in the list of
       * what is pending.
       */
      pending?: number;
    };
  };
  /**
   * Takes back what is pending, or forgets what was refused. What the hub took meanwhile comes as a
   * record all the same; `conflict`: it has said so, or one has left a room by it.
   */
  'message.cancel': {
    params: {
      /** Its number. */
      pending: number;
    };
    result: Empty;
  };
  /**
   * A page of a room's records: the newest, or before, after or around a number. Always without a
   * gap; bounded by `limit` and `max_bytes`, but at least one record.
   */
  'history.get': {
    params: {
      /** Which room. */
      room: string;
      /** Records with smaller numbers, nearest first chosen. */
      before?: number;
      /** Records with larger numbers: how a reader closes a gap. */
      after?: number;
      /** Half before, half from this number on. */
      around?: number;
      /** At most so many; 50 unless told. */
      limit?: number;
      /** At most so many bytes of records; 262144 unless told. */
      max_bytes?: number;
    };
    result: {
      /** Which room. */
      room: string;
      /** Records without a gap, in order. */
      records: LogRecord[];
      /** The newest record's number. */
      head_seq: number;
      /** Whether there are older ones. */
      has_before: boolean;
      /** Whether there are newer ones. */
      has_after: boolean;
    };
  };
  /**
   * What changed since this device last looked, recent rooms first, in bounded pages. Live events
   * flow from the first call on; after sync.behind they flow again from the next.
   */
  'sync': {
    params: {
      /** Of the last sync; 0 the first time. */
      account_version: number;
      /** A cursor for each room the device knows; others are sent anew. */
      rooms: RoomCursor[];
      /** `next` of the page before. */
      after?: string;
      /** Rooms a page; 50 unless told. */
      max_rooms?: number;
      /** Newest records of each; 20 unless told. */
      records_per_room?: number;
    };
    result: {
      /** Pass it with the next sync. */
      account_version: number;
      /** The own profile, if it changed. */
      profile?: Profile;
      /** Contacts that changed; state none: gone. */
      contacts: Contact[];
      /** Rooms that this account is no longer in. */
      gone: string[];
      /** Rooms with something new, latest activity first. */
      rooms: RoomDelta[];
      /** All that is pending or was refused, if that changed: it replaces what the device had. */
      pending?: Pending[];
      /** More rooms wait: pass it as `after`, all else the same. */
      next?: string;
    };
  };
  /**
   * As sync, but waits until there is something new or the time is over: for bots and networks
   * without WebSocket.
   */
  'sync.poll': {
    params: {
      /** As for sync. */
      account_version: number;
      /** As for sync. */
      rooms: RoomCursor[];
      /** Wait at most so long; 30000 unless told. */
      timeout_ms?: number;
    };
    result: {
      /** Pass it with the next sync. */
      account_version: number;
      /** The own profile, if it changed. */
      profile?: Profile;
      /** Contacts that changed; state none: gone. */
      contacts: Contact[];
      /** Rooms that this account is no longer in. */
      gone: string[];
      /** Rooms with something new, latest activity first. */
      rooms: RoomDelta[];
      /** All that is pending or was refused, if that changed: it replaces what the device had. */
      pending?: Pending[];
      /** More rooms wait: pass it as `after`, all else the same. */
      next?: string;
    };
  };
  /** Moves this account's read marker forward; all its devices and the members see it. */
  'receipt.read': {
    params: {
      /** The room. */
      room: string;
      /** Read up to here; a smaller one than before changes nothing. */
      seq: number;
    };
    result: Empty;
  };
  /** Tells the others in a room, for a few seconds. */
  'typing.set': {
    params: {
      /** The room. */
      room: string;
      /** false when they stopped. */
      typing: boolean;
    };
    result: Empty;
  };
  /** Says how this device is, and whether others may see it. */
  'presence.set': {
    params: {
      /**
       * online or away; offline shows this device as not there. After a while without requests (the
       * heartbeat and sync do not count) online is shown as away.
       */
      state: 'offline' | 'away' | 'online';
      /** Whether contacts and members may see this account's presence at all; kept. */
      visible?: boolean;
    };
    result: {
      /** Whether others may see this account's presence, as it is now. */
      visible: boolean;
    };
  };
  /**
   * The presence of all accepted contacts just now; changes follow as events while the connection
   * lasts.
   */
  'presence.contacts': {
    params: Empty;
    result: {
      /** Of those who may be seen; the others are left out. */
      presence: Presence[];
    };
  };
  /**
   * The presence of a small room's members just now; changes follow as events until this connection
   * watches another room or none. In a 1:1 room only contacts see each other.
   */
  'presence.watch': {
    params: {
      /** The room that is on the screen; left out: none. */
      room?: string;
    };
    result: {
      /** Of those who may be seen; the others are left out. */
      presence: Presence[];
    };
  };
}

/** What each event brings. */
export interface Events {
  /** A new record of a room. */
  'room.record': {
    /** The room. */
    room: string;
    /** The record. */
    record: LogRecord;
  };
  /** Someone's read marker moved. */
  'room.read': {
    /** The room. */
    room: string;
    /** Whose; the own account's too. */
    user: string;
    /** Read up to here. */
    seq: number;
  };
  /** Someone began or stopped typing. */
  'room.typing': {
    /** The room. */
    room: string;
    /** Who. */
    user: string;
    /** Forget it after 6 seconds without a new one. */
    typing: boolean;
  };
  /** How someone is now. */
  'presence': {
    /** Latest wins. */
    presence: Presence;
  };
  /** Something of this account changed on another device or by another person. */
  'account.changed': {
    /** As in sync. */
    account_version: number;
    /** The own profile changed. */
    profile?: Profile;
    /** A contact or request changed. */
    contact?: Contact;
    /** A room or an invitation came. */
    room?: RoomSummary;
    /** A room is no longer this account's. */
    gone?: string;
    /** Something waits for another server, or was refused by it. */
    pending?: Pending;
    /** The number of what is not pending any more: it is a record now, or was taken back. */
    settled?: number;
  };
  /** A server for which something of this account is pending can't be reached, or can again. */
  'hub.changed': {
    /** The server. */
    hub: string;
    /** Left out: it can be reached. */
    unreachable_since?: number;
  };
  /** This connection was too slow: live events stopped. Call sync to go on. */
  'sync.behind': Empty;
  /** The server goes away; come back at a random moment between. */
  'server.draining': {
    /** Not earlier than this. */
    reconnect_after_ms: number;
    /** Spread up to this. */
    reconnect_before_ms: number;
  };
  /** This device was logged out; its token no longer works. */
  'session.revoked': Empty;
}

/** The words in `data.code` of an error. */
export type ErrorCode =
  | 'conflict'
  | 'denied'
  | 'forbidden'
  | 'limit_reached'
  | 'not_found'
  | 'unauthenticated';
