//! Load generator and component floor: `talent-gateway bench`.
